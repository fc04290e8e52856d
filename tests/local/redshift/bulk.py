"""What the tests of COPY and UNLOAD share: a client, a place on S3, files to put there."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infrastructure.local.stack import Stack
from tests import clients

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"


class Client:
    """One psycopg2 connection whose unqualified names lie in the test's schema."""

    def __init__(self, stack: Stack, schema: str) -> None:
        self.connection = clients.connect(stack)
        self.run(f"SET search_path TO {schema}")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def refused(self, statement: str) -> psycopg2.Error:
        """Run a statement that must fail and return its error."""
        with pytest.raises(psycopg2.Error) as caught:
            self.run(statement)
        return caught.value

    def load_errors(self) -> list[tuple[Any, ...]]:
        """Line, column, type, raw value, code and reason of the last COPY's refused rows."""
        return self.run(
            "SELECT line_number, trim(colname), trim(type), trim(raw_field_value), err_code,"
            " trim(err_reason) FROM stl_load_errors"
            " WHERE query = (SELECT max(query) FROM stl_load_errors) ORDER BY line_number"
        )


class Place:
    """A folder on S3 that no other test uses."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.bucket, _, self.prefix = address.removeprefix("s3://").partition("/")
        self._s3 = boto3.client("s3")

    def put(self, name: str, content: bytes | str) -> str:
        """Put an object there and return its address."""
        body = content.encode() if isinstance(content, str) else content
        self._s3.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=body)
        return self.address + name

    def put_parquet(self, name: str, table: pa.Table) -> str:
        """Put a table there as a Parquet file and return its address."""
        sink = io.BytesIO()
        pq.write_table(table, sink)
        return self.put(name, sink.getvalue())

    def names(self, start: str = "") -> list[str]:
        """Names of the objects there that start with `start`, in order."""
        answer = self._s3.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix + start)
        return [entry["Key"].removeprefix(self.prefix) for entry in answer.get("Contents", ())]

    def read(self, name: str) -> bytes:
        """Return an object's bytes."""
        answer = self._s3.get_object(Bucket=self.bucket, Key=self.prefix + name)
        content: bytes = answer["Body"].read()
        return content


Connect = Callable[[], Client]


@pytest.fixture
def connect(stack: Stack, schema: str) -> Iterator[Connect]:
    """Open clients of the local Redshift; they are closed at the end of the test."""
    opened: list[Client] = []

    def open_client() -> Client:
        opened.append(Client(stack, schema))
        return opened[-1]

    yield open_client
    for client in opened:
        client.connection.close()


@pytest.fixture
def client(connect: Connect) -> Client:
    """A client of the local Redshift."""
    return connect()


@pytest.fixture
def place(bucket_prefix: str) -> Place:
    """A folder on S3 that no other test uses."""
    return Place(bucket_prefix)
