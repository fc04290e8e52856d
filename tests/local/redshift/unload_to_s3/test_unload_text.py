"""UNLOAD writes delimited text, CSV and JSON."""

import bz2
import gzip
import json

import pyarrow as pa
import pytest

from tests.local.redshift.bulk import ROLE, Client, Place

ROWS = """INSERT INTO t VALUES
    (1, 'a|b', 1.20, true, '2024-01-02 03:04:05', JSON_PARSE('{"k":\n[1, null]}')),
    (2, NULL, NULL, NULL, NULL, NULL),
    (3, 'say "hi", it''s', -5, false, NULL, NULL)"""


@pytest.fixture(autouse=True)
def table(client: Client) -> None:
    client.run(
        "CREATE TABLE t (k integer, v varchar(40), n numeric(8,2), o boolean, s timestamp, j super)"
    )
    client.run(ROWS)


def test_delimited_text(client: Client, place: Place) -> None:
    """Pipes by default, NULL as nothing, no quotes."""
    client.run(f"UNLOAD ('SELECT k, n, o FROM t ORDER BY k') TO '{place.address}x_' {ROLE}")
    assert place.names() == ["x_0000_part_00"]
    assert place.read("x_0000_part_00") == b"1|1.20|t\n2||\n3|-5.00|f\n"
    assert any(
        "UNLOAD completed, 3 record(s) unloaded successfully." in notice
        for notice in client.connection.notices
    )


def test_quotes_and_escapes(client: Client, place: Place) -> None:
    """ADDQUOTES, ESCAPE, NULL AS, HEADER and DELIMITER together."""
    client.run(
        f"UNLOAD ($$SELECT k, v AS \"a b\" FROM t ORDER BY k$$) TO '{place.address}x_' {ROLE}"
        " ADDQUOTES ESCAPE NULL AS '@' HEADER DELIMITER ','"
    )
    assert place.read("x_0000_part_00").decode().splitlines() == [
        '"k","a b"',
        '"1","a|b"',
        '"2","@"',
        '"3","say \\"hi\\"\\, it\\\'s"',
    ]


def test_csv(client: Client, place: Place) -> None:
    """CSV quotes what has to be quoted; the query's own quotes are doubled."""
    client.run(
        "UNLOAD ('SELECT k, v, j FROM t WHERE coalesce(v, '''') <> ''a|b'' ORDER BY k')"
        f" TO '{place.address}x_' {ROLE} FORMAT AS CSV HEADER"
    )
    assert place.read("x_0000_part_00").decode() == (
        'k,v,j\n2,,\n3,"say ""hi"", it\'s",\n'  # an absent SUPER is empty
    )


def test_json(client: Client, place: Place) -> None:
    """One object to a line; SUPER is nested, booleans are t and f."""
    client.run(f"UNLOAD ('SELECT * FROM t ORDER BY k') TO '{place.address}x_' {ROLE} FORMAT JSON")
    first, second, _ = map(json.loads, place.read("x_0000_part_00").splitlines())
    assert first == {
        "k": 1,
        "v": "a|b",
        "n": 1.2,
        "o": "t",
        "s": "2024-01-02 03:04:05",
        "j": {"k": [1, None]},
    }
    assert second == {"k": 2, "v": None, "n": None, "o": None, "s": None, "j": None}


def test_compression(client: Client, place: Place) -> None:
    """GZIP, ZSTD and BZIP2 add their ending; EXTENSION names another."""
    query = "UNLOAD ('SELECT k FROM t ORDER BY k')"
    for option in ("GZIP", "ZSTD", "BZIP2", "GZIP EXTENSION 'csv.gz'"):
        name = option.split()[-1].strip("'")
        client.run(f"{query} TO '{place.address}{name}_' {ROLE} CSV {option}")
    expected = b"1\n2\n3\n"
    assert gzip.decompress(place.read("GZIP_0000_part_00.gz")) == expected
    assert gzip.decompress(place.read("csv.gz_0000_part_00.csv.gz")) == expected
    assert bz2.decompress(place.read("BZIP2_0000_part_00.bz2")) == expected
    reader = pa.CompressedInputStream(
        pa.BufferReader(place.read("ZSTD_0000_part_00.zst")), compression="zstd"
    )
    assert reader.read() == expected
