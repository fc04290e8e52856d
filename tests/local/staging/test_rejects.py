"""Rows that cannot be loaded are set aside with reason, file and line, up to an allowed share."""

import io
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import LoadRejected, SchemaMismatch
from utilities.references import Staged
from utilities.staging import JsonPages, declare

COLUMNS = declare({"id": "BIGINT", "zip": "VARCHAR(5)", "day": "DATE"})


def rejects(bench: Bench, staged: Staged) -> list[dict[str, Any]]:
    """Return the rows that were set aside, the source's folder left out."""
    assert staged.rejects is not None
    manifest = msgspec.json.decode(bench.bytes_of(staged.rejects.manifest))
    (entry,) = manifest["entries"]
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(bench.bytes_of(entry["url"]))).to_pylist()
    assert len(rows) == staged.rejects.rows == entry["meta"]["record_count"]
    for row in rows:
        row["source"] = row["source"].removeprefix(f"{bench.folder}/")
    return rows


def test_csv(bench: Bench) -> None:
    """Values that do not fit, text that is too long and rows of another shape are set aside."""
    source = bench.write(
        b"id,zip,day\n"
        b'1,00501,"2026-01-31"\n'
        b"x,10001,2026-01-31\n"
        b'2,"1000\n1-22",2026-01-31\n'
        b"3,10001\n"
        b"4,10001,soon\n"
        b"5,10001,2026-02-01\n"
    )
    staged = bench.stage_source(source, declared=COLUMNS, quarantine=0.7)
    assert bench.read(staged)["id"].to_pylist() == [1, 5]
    assert staged.rows == 2
    assert rejects(bench, staged) == [
        {
            "source": "rows.csv",
            "line": 3,
            "column_name": "id",
            "value": "x",
            "reason": "does not fit BIGINT without loss",
            "record": '{"id":"x","zip":"10001","day":"2026-01-31"}',
        },
        {
            "source": "rows.csv",
            "line": 4,
            "column_name": "zip",
            "value": "1000\n1-22",
            "reason": "has 9 bytes, VARCHAR(5) holds 5",
            "record": '{"id":"2","zip":"1000\\n1-22","day":"2026-01-31"}',
        },
        {
            "source": "rows.csv",
            "line": 6,
            "column_name": None,
            "value": "3,10001",
            "reason": "has 2 fields, the header has 3",
            "record": "3,10001",
        },
        {
            "source": "rows.csv",
            "line": 7,
            "column_name": "day",
            "value": "soon",
            "reason": "does not fit DATE without loss",
            "record": '{"id":"4","zip":"10001","day":"soon"}',
        },
    ]
    assert staged.rejects is not None
    assert staged.rejects.first[0] == 'line 3, column "id": "x" does not fit BIGINT without loss'


def test_json_lines(bench: Bench) -> None:
    """Lines that are no objects are set aside as well."""
    source = bench.write(
        b'{"id":1}\n\nnot json\n{"id":"x","zip":{"a":1}}\n{"id":2,"id":3}\n{"id":4,"day":"2026-01-31"}\n',
        "rows.jsonl",
    )
    staged = bench.stage_source(source, declared=COLUMNS, quarantine=1.0)
    assert bench.read(staged)["id"].to_pylist() == [1, 4]
    found = rejects(bench, staged)
    assert [(row["line"], row["column_name"], row["record"]) for row in found] == [
        (3, None, "not json"),
        (4, "id", '{"id":"x","zip":{"a":1},"day":null}'),
        (5, None, '{"id":2,"id":3}'),
    ]
    assert found[2]["reason"] == 'has the key "id" twice in one object'


def test_records_and_pages(bench: Bench) -> None:
    """Records are counted from 1; a key without a value is a reason."""
    records = [{"id": 1}, {"id": None}, {"id": 2, "day": 7}]
    staged = bench.stage_source(
        records, declared=COLUMNS, key=("id",), quarantine=0.9, name="people"
    )
    assert [(row["source"], row["line"], row["reason"]) for row in rejects(bench, staged)] == [
        ("people", 2, "is no value for a column of the key"),
        ("people", 3, "does not fit DATE without loss"),
    ]
    pages = JsonPages(iter([b'[{"id":1},{"id":1.5}]']))
    staged = bench.stage_source(pages, declared=COLUMNS, quarantine=0.5)
    assert [row["value"] for row in rejects(bench, staged)] == ["1.5"]


@pytest.mark.parametrize("bad", [0, 1, 500, 1_999, 2_000])
def test_many(bench: Bench, bad: int) -> None:
    """Few or many, first or last: what is loaded and what is set aside are all rows together."""
    lines = [b"%d,00501,2026-01-31" % n if n >= bad else b"x%d,," % n for n in range(2_000)]
    source = bench.write(b"id,zip,day\n" + b"\n".join(lines) + b"\n")
    staged = bench.stage_source(source, declared=COLUMNS, quarantine=1.0)
    assert staged.rows == 2_000 - bad
    if bad:
        assert [row["value"] for row in rejects(bench, staged)] == [f"x{n}" for n in range(bad)]
        assert rejects(bench, staged)[-1]["line"] == bad + 1
    else:
        assert staged.rejects is None
    if bad < 2_000:
        assert bench.read(staged)["id"].to_pylist() == list(range(bad, 2_000))


def test_too_many(bench: Bench) -> None:
    """Beyond the allowed share nothing is staged, and the first rejects are shown."""
    source = bench.write(b"id,zip,day\n1,00501,\nx,,\n2,K1A 0B1,\ny,,\nz,,\n")
    with pytest.raises(LoadRejected) as caught:
        bench.stage_source(source, declared=COLUMNS, quarantine=0.5)
    assert str(caught.value).removeprefix(f"{bench.folder}/") == (
        "rows.csv: 4 of 5 rows were rejected (80.00%), allowed are 50.00%. First: "
        'line 3, column "id": "x" does not fit BIGINT without loss; '
        'line 4, column "zip": "K1A 0B1" has 7 bytes, VARCHAR(5) holds 5; '
        'line 5, column "id": "y" does not fit BIGINT without loss. '
        "Nothing was loaded. Correct the source, or allow a greater share."
    )
    assert bench.leftovers() == []


def test_without_quarantine_the_first_rejects_are_shown(bench: Bench) -> None:
    """Nothing is staged; the message names the first row, counts the others and shows the next."""
    lines = [b"%d,00501,2026-01-31" % n if n % 1_000 else b"x%d,,soon" % n for n in range(10_000)]
    source = bench.write(b"id,zip,day\n" + b"\n".join(lines) + b"\n")
    with pytest.raises(SchemaMismatch) as caught:
        bench.stage_source(source, declared=COLUMNS)
    text = str(caught.value).removeprefix(f"{bench.folder}/")
    assert text.startswith('rows.csv: line 2, column "id": "x0" does not fit BIGINT')
    assert text.endswith(
        "9 more of 10,000 rows cannot be loaded either: "
        'line 1002, column "id": "x1000" does not fit BIGINT without loss; '
        'line 2002, column "id": "x2000" does not fit BIGINT without loss; '
        'line 3002, column "id": "x3000" does not fit BIGINT without loss. '
        "With quarantine, such rows are set aside and the rest is loaded."
    )
    assert bench.leftovers() == []


def test_numbers_of_the_table(bench: Bench) -> None:
    """A column of the table that may become a wider number sets aside what is no number at all."""
    source = bench.write(b"id,amount\n1,2.50\n2,none\n3,4.00\n")
    known = {"id": "BIGINT", "amount": "NUMERIC(18,2)"}
    staged = bench.stage_source(source, known=known, quarantine=0.5)
    assert bench.read(staged)["id"].to_pylist() == [1, 3]
    assert [(row["line"], row["value"], row["reason"]) for row in rejects(bench, staged)] == [
        (3, "none", "does not fit NUMERIC(18,2) without loss")
    ]


def test_wider_numbers_are_no_rejects(bench: Bench) -> None:
    """While a wider number holds the whole column, nothing is set aside."""
    source = bench.write(b"id\n1\n3000000000\n")
    staged = bench.stage_source(source, known={"id": "INTEGER"}, quarantine=0.5)
    assert [column.type for column in staged.columns] == ["BIGINT"]
    assert staged.rejects is None
