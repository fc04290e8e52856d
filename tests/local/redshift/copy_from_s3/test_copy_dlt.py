"""What dlt's Redshift destination asks and sends around its COPY."""

import pyarrow as pa
import pytest

from tests.local.redshift.bulk import Client, Place


@pytest.fixture
def statement(client: Client, place: Place, local_environment: dict[str, str]) -> str:
    """dlt's COPY of one row into a table that waits for it; MAXERROR is left open."""
    client.run("CREATE TABLE t (id bigint NOT NULL, name varchar(65535))")
    uri = place.put_parquet("t.1.parquet", pa.table({"id": [1], "name": ["Ana"]}))
    pair = (
        f"aws_access_key_id={local_environment['AWS_ACCESS_KEY_ID']};"
        f"aws_secret_access_key={local_environment['AWS_SECRET_ACCESS_KEY']}"
    )
    return f"COPY t\n FROM '{uri}'\n PARQUET\n\n CREDENTIALS '{pair}'\n MAXERROR {{}};"


def test_maxerror_0_is_no_request(client: Client, statement: str) -> None:
    """dlt ends every COPY with MAXERROR 0, also for Parquet, which knows no MAXERROR."""
    client.run(statement.format(0))
    assert client.run("SELECT * FROM t") == [(1, "Ana")]


def test_maxerror_for_parquet_is_refused(client: Client, statement: str) -> None:
    """A columnar file is loaded whole or not at all."""
    error = client.refused(statement.format(5))
    assert "MAXERROR argument is not supported for PARQUET based COPY" in str(error)


def test_schemas_are_listed(client: Client, schema: str) -> None:
    """svv_redshift_schemas, by which dlt finds its dataset, knows ours and not the front's own."""
    found = dict(client.run("SELECT schema_name, schema_type FROM svv_redshift_schemas"))
    assert found[schema] == found["public"] == "local"
    assert "redshift_catalog" not in found and "pg_catalog" not in found
