"""What lies on S3 afterwards: parts in order, of the right size, and a manifest that names them."""

import io

import msgspec
import pyarrow.parquet as pq

from tests.local.staging.conftest import Bench
from utilities.staging import StageOptions, content_key, infer_columns, stage

ROWS = 250_000
LARGE = b"id,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 200) for n in range(ROWS))


def test_the_manifest(bench: Bench) -> None:
    """It names every part as mandatory, with length and rows, and the columns with their types."""
    staged = bench.stage(b"Id,amount,day,name\n1,1.50,2026-01-31,x\n2,2.00,,y\n")
    (part,) = bench.parts(staged)
    assert staged.manifest == part.replace("part-00000.parquet", "manifest.json")
    assert msgspec.json.decode(bench.bytes_of(staged.manifest)) == {
        "entries": [
            {
                "url": part,
                "mandatory": True,
                "meta": {"content_length": len(bench.bytes_of(part)), "record_count": 2},
            }
        ],
        "schema": {
            "elements": [
                {"name": "id", "type": {"base": "bigint"}},
                {"name": "amount", "type": {"base": "numeric", "precision": 18, "scale": 2}},
                {"name": "day", "type": {"base": "date"}},
                {"name": "name", "type": {"base": "character varying", "max_length": 1}},
            ]
        },
    }


def test_a_large_file_becomes_parts_in_order(bench: Bench) -> None:
    """Rows keep their order within and across parts; no part is tiny; the sums agree."""
    staged = bench.stage(LARGE)
    parts = bench.parts(staged)
    assert len(parts) > 2
    rows = [bench.read_part(uri).num_rows for uri in parts]
    assert sum(rows) == staged.rows == ROWS
    assert min(rows) > max(rows) // 5
    assert sum(len(bench.bytes_of(uri)) for uri in parts) == staged.bytes
    assert bench.read(staged)["id"].to_pylist() == list(range(ROWS))


def test_staging_again_gives_the_same(bench: Bench) -> None:
    """The same file gives the same parts and the same manifest, byte for byte."""
    source = bench.write(LARGE)
    columns = infer_columns([source], bench.store, {})
    found = []
    for _ in range(2):
        staged = stage(
            source,
            destination=bench.prefix,
            store=bench.store,
            options=StageOptions(columns=columns),
        )
        names = sorted(bench.leftovers())
        found.append((staged, names, [bench.bytes_of(uri) for uri in names]))
    assert found[0] == found[1]


def test_the_batch_key_is_the_content(bench: Bench) -> None:
    """It is the SHA-256 of the file as stored, which `content_key` gives without staging."""
    staged = bench.stage(LARGE)
    source = bench.write(LARGE, "same content, other name.csv")
    assert staged.batch_key == content_key(source, bench.store)


def test_statistics(bench: Bench) -> None:
    """The longest text in bytes, not characters, and the nulls of each column are counted."""
    staged = bench.stage("id,name\n1,é\n,abc\n,\n".encode() + LARGE[len("id,text\n") :])
    counted = [(column.max_bytes, column.nulls) for column in staged.columns]
    assert counted == [(0, 2), (200, 1)]


def test_progress_is_told_to_the_end(bench: Bench) -> None:
    """Bytes read go up to the size of the file."""
    source = bench.write(LARGE)
    told: list[tuple[int, int]] = []
    stage(
        source,
        destination=bench.prefix,
        store=bench.store,
        progress=lambda read, total: told.append((read, total)),
        options=StageOptions(columns=()),
    )
    assert told == sorted(told)
    assert told[-1] == (len(LARGE), len(LARGE))


def test_parts_are_what_copy_wants(bench: Bench) -> None:
    """Snappy, microseconds, decimals in the column's precision."""
    staged = bench.stage(b"at,amount\n2026-01-31T10:00:00Z,1.50\n")
    file = pq.ParquetFile(io.BytesIO(bench.bytes_of(bench.parts(staged)[0])))
    moment, amount = file.schema.column(0), file.schema.column(1)
    assert "timeUnit=microseconds" in str(moment.logical_type)
    assert str(amount.logical_type) == "Decimal(precision=18, scale=2)"
    for position in range(2):
        chunk = file.metadata.row_group(0).column(position)
        assert chunk.compression == "SNAPPY"


def test_what_repeats_takes_little_room(bench: Bench) -> None:
    """A column of few values is a dictionary and numbers; one of many is written as it stands."""
    rows = b"".join(b"%032d,city %d\n" % (number, number % 10) for number in range(20_000))
    staged = bench.stage(b"key,city\n" + rows, known={"key": "VARCHAR"})
    group = pq.ParquetFile(io.BytesIO(bench.bytes_of(bench.parts(staged)[0]))).metadata.row_group(0)
    key, city = group.column(0), group.column(1)
    assert "PLAIN" in key.encodings
    assert key.total_uncompressed_size < 20_000 * 37
    assert city.total_uncompressed_size < 20_000
