"""The statements of awswrangler's `redshift.copy` and upsert, and the files that it writes."""

import io
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.local.redshift.bulk import Client, Place

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 123000)


def keys(environment: dict[str, str], *, token: str = "") -> str:
    """The clause for a key pair, as awswrangler writes it."""
    return (
        f"ACCESS_KEY_ID '{environment['AWS_ACCESS_KEY_ID']}' "
        f"SECRET_ACCESS_KEY '{environment['AWS_SECRET_ACCESS_KEY']}'{token}"
    )


def as_spark(table: pa.Table) -> bytes:
    """A Parquet file as awswrangler writes it: Spark's flavour, timestamps as INT96."""
    sink = io.BytesIO()
    pq.write_table(table, sink, flavor="spark", coerce_timestamps="ms")
    assert pq.ParquetFile(sink).schema.column(1).physical_type == "INT96"
    return sink.getvalue()


@pytest.fixture
def file(place: Place) -> str:
    """The address of a folder with one file of two rows."""
    table = pa.table({"id": [1, 2], "seen": pa.array([MOMENT, None], pa.timestamp("us"))})
    place.put("new/0.snappy.parquet", as_spark(table))
    return f"{place.address}new/"


def test_parquet_is_copied_with_keys(
    client: Client, file: str, local_environment: dict[str, str]
) -> None:
    """A key pair and a session token read Parquet, and times that Spark wrote arrive whole."""
    client.run('CREATE TABLE IF NOT EXISTS "t" ("id" BIGINT,\n"seen" TIMESTAMP)\nDISTSTYLE AUTO')
    for token in ("", "SESSION_TOKEN 'T0KEN'"):
        clause = keys(local_environment, token=f" {token}")
        client.run(f"COPY \"t\" \nFROM '{file}' {clause}\nFORMAT AS PARQUET")
    assert client.run("SELECT DISTINCT id, seen FROM t ORDER BY id") == [(1, MOMENT), (2, None)]
    assert client.run("SELECT count(*) FROM t") == [(4,)]


def test_times_without_zone_are_utc_times(
    client: Client, file: str, local_environment: dict[str, str]
) -> None:
    """INT96 knows no zone; in a TIMESTAMPTZ column it counts as UTC."""
    client.run("CREATE TABLE t (id bigint, seen timestamptz)")
    client.run(f"COPY t FROM '{file}' {keys(local_environment)} FORMAT AS PARQUET")
    assert client.run("SELECT seen FROM t WHERE id = 1") == [(MOMENT.replace(tzinfo=UTC),)]


def test_upsert_statement_by_statement(
    client: Client, file: str, local_environment: dict[str, str], schema: str
) -> None:
    """Temporary table, COPY, DELETE USING, INSERT and DROP, in one transaction."""
    client.run("CREATE TABLE t (id bigint, seen timestamp, PRIMARY KEY (id)) DISTSTYLE AUTO")
    client.run("INSERT INTO t VALUES (2, '2020-01-01'), (3, '2020-01-01')")
    client.run("BEGIN")
    client.run(f'CREATE TEMPORARY TABLE "temp_redshift_1" (LIKE "{schema}"."t")')
    client.run(
        f"COPY \"temp_redshift_1\" \nFROM '{file}' {keys(local_environment)}\nFORMAT AS PARQUET"
    )
    client.run(
        f'DELETE FROM "{schema}"."t" USING "temp_redshift_1" WHERE "t"."id" = "temp_redshift_1"."id"'
    )
    client.run(f'INSERT INTO "{schema}"."t" SELECT * FROM "temp_redshift_1"')
    client.run('DROP TABLE IF EXISTS "temp_redshift_1" ')
    client.run("COMMIT")
    assert client.run("SELECT id, seen IS NULL FROM t ORDER BY id") == [
        (1, False),
        (2, True),
        (3, False),
    ]
