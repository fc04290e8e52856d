"""parsons' connector loads and unloads through the front, unmodified."""

import gzip
import json
import warnings

import pytest

from tests.local.redshift.bulk import Client, Place

with warnings.catch_warnings():
    # parsons warns at import about optional packages that it lacks.
    warnings.simplefilter("ignore")
    from parsons import Redshift, Table

PEOPLE = [
    {"id": 1, "name": 'Ana, "A"', "zip": "01001", "score": 1.5, "joined": "2024-01-02"},
    {"id": 2, "name": "Dörte\nD", "zip": "02134", "score": None, "joined": None},
]


@pytest.fixture
def redshift(local_environment: dict[str, str]) -> Redshift:
    """The connector, set up by the environment as in production."""
    return Redshift()


def test_copy_and_upsert(redshift: Redshift, schema: str) -> None:
    """copy creates and fills a table, upsert replaces and adds rows."""
    name = f"{schema}.people"
    redshift.copy(Table(PEOPLE), name, if_exists="drop")
    changed = [PEOPLE[1] | {"name": "changed"}, PEOPLE[0] | {"id": 3, "name": "new"}]
    redshift.upsert(Table(changed), name, "id")
    rows = redshift.query(f"SELECT id, name, zip, score FROM {name} ORDER BY id").to_dicts()
    assert rows == [
        {"id": 1, "name": 'Ana, "A"', "zip": "01001", "score": 1.5},
        {"id": 2, "name": "changed", "zip": "02134", "score": None},
        {"id": 3, "name": "new", "zip": "01001", "score": 1.5},
    ]


def test_copy_s3(redshift: Redshift, client: Client, place: Place, schema: str) -> None:
    """copy_s3 loads a file that lies on S3 already."""
    client.run("CREATE TABLE t (a integer, b varchar(9))")
    place.put("a.csv", "a,b\n1,x\n")
    redshift.copy_s3(f"{schema}.t", place.bucket, place.prefix + "a.csv", if_exists="append")
    assert client.run("SELECT * FROM t") == [(1, "x")]


def test_unload_and_load_again(
    redshift: Redshift, client: Client, place: Place, schema: str
) -> None:
    """What unload writes with its defaults, COPY reads back."""
    client.run("CREATE TABLE t (a integer, b varchar(40))")
    values = "(1, 'pipe | quote \" apostrophe '' backslash \\\\'), (2, 'two\\nlines')"
    client.run(f"INSERT INTO t VALUES {values}")
    redshift.unload(f"SELECT * FROM {schema}.t WHERE b <> 'x'", place.bucket, place.prefix + "out_")
    [entry] = json.loads(place.read("out_manifest"))["entries"]
    assert entry["url"] == f"{place.address}out_0000_part_00.gz"
    head = gzip.decompress(place.read("out_0000_part_00.gz")).split(b"\n")[0]
    assert head == b'"a"|"b"'
    client.run("CREATE TABLE back (LIKE t)")
    client.run(
        f"COPY back FROM '{place.address}out_manifest' IAM_ROLE default MANIFEST GZIP"
        " IGNOREHEADER 1 REMOVEQUOTES ESCAPE"
    )
    assert client.run("SELECT * FROM back ORDER BY a") == client.run("SELECT * FROM t ORDER BY a")
