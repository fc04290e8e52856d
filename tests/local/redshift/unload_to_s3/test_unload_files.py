"""Which files UNLOAD writes, and what it does to those that are there."""

import json
import threading

import psycopg2
import pytest

from tests.local.redshift.bulk import ROLE, Client, Connect, Place


def test_nothing_is_overwritten_unasked(client: Client, place: Place) -> None:
    """A prefix with files is refused; ALLOWOVERWRITE writes beside them, CLEANPATH removes them."""
    query, target = "UNLOAD ('SELECT 1 AS a -- one')", f"TO '{place.address}x_' {ROLE} CSV"
    place.put("x_older", "")
    error = client.refused(f"{query} {target}")
    assert error.pgcode == "XX000"
    assert "Specified unload destination on S3 is not empty." in str(error)
    assert place.names() == ["x_older"]
    client.run(f"{query} {target} ALLOWOVERWRITE")
    assert place.names() == ["x_0000_part_00", "x_older"]
    client.refused(f"UNLOAD ('SELECT nothing -- to see') {target} CLEANPATH")
    assert len(place.names()) == 2
    client.run(f"{query} {target} CLEANPATH")
    assert place.names() == ["x_0000_part_00"]


def test_files_are_split(client: Client, place: Place) -> None:
    """MAXFILESIZE bounds each file, slices write in turn, PARALLEL OFF keeps one sequence."""
    rows = "SELECT g AS k, repeat(md5(g::varchar), 16) AS v FROM generate_series(1, 30000) g"
    client.run(f"CREATE TABLE t AS {rows}")
    query = "UNLOAD ('SELECT k, v FROM t ORDER BY k') TO"
    client.run(f"{query} '{place.address}two/' {ROLE} CSV MAXFILESIZE 5 MB")
    assert place.names("two/") == [
        "two/0000_part_00",
        "two/0000_part_01",
        "two/0001_part_00",
        "two/0001_part_01",
    ]
    client.run(f"{query} '{place.address}one/' {ROLE} CSV PARALLEL OFF MAXFILESIZE AS 5 MB")
    names = place.names("one/")
    assert names == ["one/000", "one/001", "one/002", "one/003"]
    contents = [place.read(name) for name in names]
    assert all(len(content) <= 5 * 1024 * 1024 for content in contents)
    keys = [int(line.split(b",")[0]) for line in b"".join(contents).splitlines()]
    assert keys == list(range(1, 30001))


def test_uncommitted_rows_are_unloaded(client: Client, place: Place) -> None:
    """The query runs inside the client's transaction and leaves nothing behind in it."""
    client.run("CREATE TABLE t (a integer)")
    client.run("BEGIN")
    client.run("INSERT INTO t VALUES (1)")
    for form in ("CSV", "PARQUET", "JSON"):
        client.run(f"UNLOAD ('SELECT a FROM t') TO '{place.address}{form}_' {ROLE} {form}")
    client.run("ROLLBACK")
    assert place.read("CSV_0000_part_00") == b"1\n"
    assert client.run("SELECT count(*) FROM t") == [(0,)]


def test_a_failing_query_leaves_no_files(client: Client, place: Place) -> None:
    """An error of the query fails the statement, and files already written go."""
    client.run("CREATE TABLE t AS SELECT generate_series(1, 300000) AS k")
    error = client.refused(
        "UNLOAD ('SELECT k, repeat(''x'', 90) AS v, 1 / (300000 - k) AS n FROM t ORDER BY k')"
        f" TO '{place.address}x_' {ROLE} CSV MAXFILESIZE 5 MB"
    )
    assert error.pgcode == "22012"
    assert place.names() == []


def test_a_cancelled_unload_leaves_no_files(client: Client, place: Place) -> None:
    """The client's cancel ends the statement; files on S3 are removed, the session goes on."""
    refused: list[psycopg2.Error] = []

    def unload() -> None:
        refused.append(
            client.refused(
                "UNLOAD ('SELECT repeat(''x'', 9000) FROM generate_series(1, 10000000)')"
                f" TO '{place.address}x_' {ROLE} CSV MAXFILESIZE 5 MB"
            )
        )

    thread = threading.Thread(target=unload, daemon=True)
    thread.start()
    while thread.is_alive() and not place.names():
        pass
    client.connection.cancel()
    thread.join(60)
    assert [error.pgcode for error in refused] == ["57014"]
    assert place.names() == []
    assert client.run("SELECT 1") == [(1,)]


def test_no_rows_make_no_files(client: Client, place: Place) -> None:
    """An empty result is no error and writes nothing."""
    for form in ("CSV HEADER", "PARQUET MANIFEST"):
        client.run(f"UNLOAD ('SELECT 1 AS a WHERE false') TO '{place.address}x' {ROLE} {form}")
    assert place.names() == []


def test_verbose_manifest(client: Client, place: Place) -> None:
    """MANIFEST VERBOSE tells columns, types, lengths and counts, header lines included."""
    client.run("CREATE TABLE t (a integer, v varchar(9), n numeric(8,2))")
    client.run("INSERT INTO t VALUES (1, 'x', 2)")
    client.run(
        f"UNLOAD ('SELECT * FROM t') TO '{place.address}x_' {ROLE} CSV HEADER MANIFEST VERBOSE"
    )
    size = len(place.read("x_0000_part_00"))
    meta = {"content_length": size, "record_count": 2}
    assert json.loads(place.read("x_manifest")) == {
        "entries": [{"url": f"{place.address}x_0000_part_00", "meta": meta}],
        "schema": {
            "elements": [
                {"name": "a", "type": {"base": "integer"}},
                {"name": "v", "type": {"base": "character varying", "max_length": 9}},
                {"name": "n", "type": {"base": "numeric", "precision": 8, "scale": 2}},
            ]
        },
        "meta": meta,
        "author": {"name": "Amazon Redshift", "version": "1.0.0"},
    }


@pytest.mark.parametrize(
    ("query", "options", "sqlstate", "told"),
    [
        ("SELECT 1 LIMIT 1", "CSV", "0A000", "Limit clause is not supported"),
        ("DELETE FROM t", "CSV", "42601", "UNLOAD needs a SELECT"),
        ("SELECT 1", "PARQUET HEADER", "42601", "HEADER is not supported"),
        ("SELECT 1", "CSV FIXEDWIDTH 'a:1'", "0A000", "FIXEDWIDTH is not available"),
        ("SELECT 1", "CSV MAXFILESIZE 1 MB", "22023", "between 5 MB and 6.2 GB"),
        ("SELECT 1", "CSV ALLOWOVERWRITE CLEANPATH", "42601", "cannot be used together"),
        ("SELECT 1", "CSV FASTER", "42601", "syntax error"),
        ("SELECT no_such_column", "CSV", "42703", "no_such_column"),
    ],
)
def test_refusals(
    client: Client, place: Place, query: str, options: str, sqlstate: str, told: str
) -> None:
    """What Redshift refuses, or what is not available here, is told and writes nothing."""
    error = client.refused(f"UNLOAD ('{query}') TO '{place.address}x' {ROLE} {options}")
    assert (error.pgcode, told in str(error)) == (sqlstate, True), str(error)
    assert place.names() == []


def test_s3_failures(client: Client, connect: Connect) -> None:
    """A bucket that is not there is told with S3's code; the session goes on."""
    error = client.refused(f"UNLOAD ('SELECT 1') TO 's3://no-such-bucket-here/x' {ROLE} CSV")
    assert "Error NoSuchBucket" in str(error)
    assert client.run("SELECT 1") == [(1,)]
