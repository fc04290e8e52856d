"""PARTITION BY lays rows into folders by the values of columns."""

import io
import json

import pyarrow.parquet as pq
import pytest

from tests.local.redshift.bulk import ROLE, Client, Place


@pytest.fixture(autouse=True)
def table(client: Client) -> None:
    client.run("CREATE TABLE t (k integer, y smallint, c varchar(20), d date, o boolean)")
    client.run(
        "INSERT INTO t VALUES (1, 2025, 'a', '2025-12-31', true), (2, 2026, 'a', '2026-01-01', NULL),"
        " (3, 2026, 'b/c=ü', '2026-01-01', false), (4, 2026, NULL, '2026-01-02', true)"
    )


def test_folders(client: Client, place: Place) -> None:
    """A folder for each pair of values, null by a name of its own; the columns leave the files."""
    client.run(
        f"UNLOAD ('SELECT k, y, c FROM t ORDER BY k') TO '{place.address}x' {ROLE} PARQUET"
        ' PARTITION BY (y, "C")'
    )
    assert place.names() == [
        "x/y=2025/c=a/0000_part_00.parquet",
        "x/y=2026/c=__HIVE_DEFAULT_PARTITION__/0000_part_00.parquet",
        "x/y=2026/c=a/0000_part_00.parquet",
        "x/y=2026/c=b%2Fc%3Dü/0000_part_00.parquet",
    ]
    keys = [pq.read_table(io.BytesIO(place.read(name))).to_pylist() for name in place.names()]
    assert keys == [[{"k": 1}], [{"k": 4}], [{"k": 2}], [{"k": 3}]]
    assert any(
        "UNLOAD completed, 4 record(s) unloaded successfully." in notice
        for notice in client.connection.notices
    )


def test_text_formats(client: Client, place: Place) -> None:
    """CSV, delimited text and JSON are laid out alike; INCLUDE keeps the columns in the files."""
    query = "UNLOAD ('SELECT d, k, o FROM t ORDER BY k DESC')"
    client.run(f"{query} TO '{place.address}csv/' {ROLE} CSV HEADER PARTITION BY (d)")
    assert place.read("csv/d=2026-01-01/0000_part_00") == b"k,o\n3,f\n2,\n"
    client.run(f"{query} TO '{place.address}text/' {ROLE} PARTITION BY (o) INCLUDE GZIP")
    assert place.names("text/") == [
        "text/o=__HIVE_DEFAULT_PARTITION__/0000_part_00.gz",
        "text/o=false/0000_part_00.gz",
        "text/o=true/0000_part_00.gz",
    ]
    client.run(f"{query} TO '{place.address}json/' {ROLE} JSON PARTITION BY (o, d) INCLUDE")
    [line] = place.read("json/o=false/d=2026-01-01/0000_part_00").splitlines()
    assert json.loads(line) == {"d": "2026-01-01", "k": 3, "o": "f"}


def test_one_manifest(client: Client, place: Place) -> None:
    """The manifest lies at the root and names the files of all folders."""
    client.run(
        f"UNLOAD ('SELECT k, y FROM t') TO '{place.address}' {ROLE} CSV PARTITION BY (y)"
        " MANIFEST VERBOSE"
    )
    manifest = json.loads(place.read("manifest"))
    assert [(entry["url"], entry["meta"]["record_count"]) for entry in manifest["entries"]] == [
        (f"{place.address}y=2025/0000_part_00", 1),
        (f"{place.address}y=2026/0000_part_00", 3),
    ]
    assert manifest["meta"]["record_count"] == 4


def test_folders_that_are_cleaned(client: Client, place: Place) -> None:
    """CLEANPATH removes files from folders that get new ones, and from no other."""
    for name in ("y=2025/older", "y=2024/older", "y=2026/0009_part_00"):
        place.put(name, "")
    statement = f"UNLOAD ('SELECT k, y FROM t') TO '{place.address}' {ROLE} CSV PARTITION BY (y)"
    assert "is not empty" in str(client.refused(statement))
    client.run(f"{statement} CLEANPATH")
    assert place.names() == ["y=2024/older", "y=2025/0000_part_00", "y=2026/0000_part_00"]


def test_a_failure_leaves_no_folder(client: Client, place: Place) -> None:
    """When one folder cannot be written, those before it go too; the session goes on."""
    error = client.refused(
        "UNLOAD ('SELECT k, y, CASE k WHEN 4 THEN ''NaN''::numeric ELSE k::numeric(9,0) END AS n"
        f" FROM t') TO '{place.address}' {ROLE} PARQUET PARTITION BY (k)"
    )
    assert error.pgcode is not None
    assert place.names() == []
    assert client.run("SELECT 1") == [(1,)]


def test_no_rows_make_no_folders(client: Client, place: Place) -> None:
    """An empty result is no error."""
    client.run(
        f"UNLOAD ('SELECT * FROM t WHERE false') TO '{place.address}' {ROLE} CSV PARTITION BY (y)"
    )
    assert place.names() == []


@pytest.mark.parametrize(
    ("query", "keys", "sqlstate", "told"),
    [
        ("SELECT k, y FROM t", "(z)", "42703", 'column "z" does not exist'),
        ("SELECT y FROM t", "(y)", "42601", "all columns of the query are partition columns"),
        ("SELECT k, k::float8 AS f FROM t", "(f)", "0A000", 'PARTITION BY column "f"'),
        ("SELECT k, y FROM t", "('y')", "42601", "syntax error"),
        ("SELECT k, y FROM t", "()", "42601", "syntax error"),
    ],
)
def test_refusals(
    client: Client, place: Place, query: str, keys: str, sqlstate: str, told: str
) -> None:
    """A key must be a column of the query, of a type that Redshift lists, and not the only one."""
    error = client.refused(
        f"UNLOAD ('{query}') TO '{place.address}' {ROLE} CSV PARTITION BY {keys}"
    )
    assert (error.pgcode, told in str(error)) == (sqlstate, True), str(error)
    assert place.names() == []
