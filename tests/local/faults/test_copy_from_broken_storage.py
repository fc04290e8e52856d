"""Redshift meets an S3 that is busy, silent or breaks off: all rows of the batch, or none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from infrastructure.local.stack import Stack
from tests.faults import Answer, Call, Cut, Fault, StorageProxy, second_front, storage_proxy
from tests.local.faults.conftest import NothingIsLeft, Rows
from tests.local.faults.jobs import ANY, stage_batch
from tests.local.faults.scenarios import BATCH, BEFORE, csv
from utilities.errors import AccessDenied, StorageUnavailable
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, load
from utilities.redshift.connection import connected
from utilities.references import Staged, TableName
from utilities.settings import Settings

Write = Callable[[str, str], Path]

ROLE = "arn:aws:iam::123456789012:role/loader"


@pytest.fixture(scope="module")
def broken(stack: Stack) -> Iterator[StorageProxy]:
    """S3 as this warehouse sees it; a test sets the rule."""
    with storage_proxy(stack.variables["AWS_ENDPOINT_URL"], lambda call: None) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def module_settings(stack: Stack) -> Settings:
    """The settings that the stack's variables amount to."""
    return Settings.model_validate({name.lower(): value for name, value in stack.variables.items()})


@pytest.fixture(scope="module")
def behind(stack: Stack, module_settings: Settings, broken: StorageProxy) -> Iterator[Settings]:
    """Settings of a warehouse that reaches S3 through the proxy."""
    with second_front(stack, module_settings, broken.endpoint) as settings:
        yield settings


@pytest.fixture
def batch(write: Write, settings: Settings) -> Staged:
    """A staged batch."""
    return stage_batch(write("batch.csv", csv(BATCH)), ANY, LoadOptions(), settings)


@pytest.fixture
def table(schema: str, write: Write, settings: Settings) -> TableName:
    """A table with rows."""
    table = TableName(schema, "copied")
    load(
        stage_batch(write("before.csv", csv(BEFORE)), ANY, LoadOptions(), settings),
        table,
        LoadOptions(),
        settings,
    )
    return table


@pytest.mark.parametrize("fault", [Answer(500, "InternalError"), Cut(100)], ids=["500", "cut"])
@pytest.mark.parametrize("name", ["manifest", "part-"])
def test_a_copy_that_cannot_read_loads_nothing(
    behind: Settings,
    broken: StorageProxy,
    settings: Settings,
    batch: Staged,
    table: TableName,
    rows: Rows,
    nothing_is_left: NothingIsLeft,
    name: str,
    fault: Fault,
) -> None:
    """Every answer for the manifest, or for the parts, is an error or breaks off: "try again", and the table as
    it was. The same load, later, loads all."""

    def rule(call: Call) -> Fault | None:
        is_it = call.method == "GET" and name in call.path
        return fault if is_it else None

    broken.rule = rule
    with pytest.raises(StorageUnavailable, match="S3 did not give Redshift the staged files"):
        load(batch, table, LoadOptions(), behind)
    assert rows(table) == sorted(BEFORE)
    broken.rule = lambda call: None
    load(batch, table, LoadOptions(), behind)
    assert rows(table) == sorted(BEFORE + BATCH)
    nothing_is_left(table, 2)


def test_a_copy_survives_one_bad_answer(
    behind: Settings, broken: StorageProxy, batch: Staged, table: TableName, rows: Rows
) -> None:
    """The first answer for each part breaks off: Redshift asks again, and all rows are there."""
    seen: set[str] = set()

    def rule(call: Call) -> Fault | None:
        if call.method != "GET" or call.path in seen:
            return None
        seen.add(call.path)
        return Cut(100) if "part-" in call.path else Answer(503, "SlowDown")

    broken.rule = rule
    load(batch, table, LoadOptions(), behind)
    assert rows(table) == sorted(BEFORE + BATCH)


def test_a_text_file_that_breaks_off_is_no_end(
    behind: Settings, broken: StorageProxy, settings: Settings, schema: str
) -> None:
    """COPY of a CSV file whose answer breaks off between two lines fails, and loads no line."""
    line = b"1,one\n"
    address = f"s3://{settings.s3_temp_bucket}/{schema}/rows.csv"
    ObjectStore(settings).put(address, line * 100)
    broken.rule = lambda call: Cut(len(line) * 10) if call.path.endswith("rows.csv") else None
    with connected(behind) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {schema}.text (id INTEGER, name VARCHAR(9))")
        with pytest.raises(psycopg2.Error, match="S3CurlException"):
            cursor.execute(f"COPY {schema}.text FROM '{address}' IAM_ROLE '{ROLE}' CSV")
        cursor.execute(f"SELECT COUNT(*) FROM {schema}.text")
        assert cursor.fetchall() == [(0,)]


def test_a_bucket_that_refuses_redshift_is_not_tried_again(
    behind: Settings, broken: StorageProxy, batch: Staged, table: TableName, rows: Rows
) -> None:
    """403 is for a person: the message names the bucket's answer."""
    broken.rule = lambda call: Answer(403, "AccessDenied") if "part-" in call.path else None
    with pytest.raises(AccessDenied, match="AccessDenied"):
        load(batch, table, LoadOptions(), behind)
    assert rows(table) == sorted(BEFORE)
