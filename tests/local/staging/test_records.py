"""Records, as an API's client gives them: Python values keep their types and their digits."""

import datetime as dt
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable, FlowError, ParameterInvalid, SchemaMismatch
from utilities.references import Staged
from utilities.staging import declare

with warnings.catch_warnings():
    # parsons warns at import about optional packages that it lacks.
    warnings.simplefilter("ignore")
    from parsons import Table

MOMENT = dt.datetime(2026, 1, 31, 10, 0, 0, 123456)


def types(staged: Staged) -> dict[str, str]:
    """Return the staged type of each column."""
    return {column.name: column.type for column in staged.columns}


def refusal(bench: Bench, *records: Any, **options: Any) -> tuple[type[FlowError], str]:
    """Return type and text of the error; nothing may be left on S3."""
    with pytest.raises(FlowError) as caught:
        bench.stage_source(list(records), name="people", **options)
    assert bench.leftovers() == []
    return type(caught.value), str(caught.value)


def test_each_kind_of_value_has_its_type(bench: Bench) -> None:
    """Values are found again as they were given."""
    record = {
        "Whole": 7,
        "big": 2**70,
        "real": 0.1,
        "exact": Decimal("12.50"),
        "flag": True,
        "text": "00501",
        "day": dt.date(2026, 1, 31),
        "clock": dt.time(10, 0),
        "moment": MOMENT,
        "instant": MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))),
        "id": UUID(int=1),
        "nested": {"a": [1, None, 1.5], "d": dt.date(2026, 1, 31)},
        "none": None,
    }
    staged = bench.stage_source([record])
    assert types(staged) == {
        "whole": "BIGINT",
        "big": "NUMERIC(38,0)",
        "real": "DOUBLE PRECISION",
        "exact": "NUMERIC(4,2)",
        "flag": "BOOLEAN",
        "text": "VARCHAR",
        "day": "DATE",
        "clock": "TIME",
        "moment": "TIMESTAMP",
        "instant": "TIMESTAMPTZ",
        "id": "VARCHAR",
        "nested": "SUPER",
        "none": "VARCHAR",
    }
    assert bench.read(staged).to_pylist() == [
        {
            "whole": 7,
            "big": Decimal(2**70),
            "real": 0.1,
            "exact": Decimal("12.50"),
            "flag": True,
            "text": "00501",
            "day": dt.date(2026, 1, 31),
            "clock": dt.time(10, 0),
            "moment": MOMENT,
            "instant": MOMENT.replace(hour=8, tzinfo=dt.UTC),
            "id": str(UUID(int=1)),
            "nested": '{"a":[1,null,1.5],"d":"2026-01-31"}',
            "none": None,
        }
    ]


@pytest.mark.parametrize(
    ("values", "type_", "found"),
    [
        ([1, "a"], "VARCHAR", ["1", "a"]),
        ([True, 1], "VARCHAR", ["true", "1"]),
        ([1, 1.5], "DOUBLE PRECISION", [1.0, 1.5]),
        ([2**53 + 1, 0.5], "VARCHAR", ["9007199254740993", "0.5"]),
        ([Decimal("1.5"), Decimal("100.25")], "NUMERIC(5,2)", [Decimal("1.50"), Decimal("100.25")]),
        ([MOMENT, MOMENT.replace(tzinfo=dt.UTC)], "VARCHAR", None),
        ([dt.date(2026, 1, 31), MOMENT], "VARCHAR", ["2026-01-31", MOMENT.isoformat()]),
        ([{"a": 1}, "x", 2], "SUPER", ['{"a":1}', '"x"', "2"]),
    ],
)
def test_mixed_values(bench: Bench, values: list[Any], type_: str, found: list[Any] | None) -> None:
    """A mixture gets the tightest type that holds all of it without loss."""
    staged = bench.stage_source([{"v": value} for value in values])
    assert staged.columns[0].type == type_
    if found is not None:
        assert bench.read(staged)["v"].to_pylist() == found


@pytest.mark.parametrize("is_generator", [True, False])
def test_later_records_change_the_schema(bench: Bench, is_generator: bool) -> None:
    """A key or a type that first appears behind thousands of records loses nothing, also when the
    records come from a generator, which can be read only once."""

    def records() -> Iterator[dict[str, Any]]:
        for number in range(20_000):
            yield {"id": number}
        yield {"id": "x1", "Late Key": dt.date(2026, 1, 31)}

    staged = bench.stage_source(records() if is_generator else list(records()))
    assert types(staged) == {"id": "VARCHAR", "late_key": "DATE"}
    rows = bench.read(staged)
    assert rows.num_rows == staged.rows == 20_001
    assert rows["id"].to_pylist()[-2:] == ["19999", "x1"]
    assert rows["late_key"].null_count == 20_000


def test_the_batch_is_known_by_its_content(bench: Bench) -> None:
    """The same records make the same batch, others another; a name of the batch comes first."""
    records = [{"a": number, "b": {"c": number}} for number in range(10)]
    first, again = (bench.stage_source(iter(records)) for _ in range(2))
    other = bench.stage_source(iter(records[:-1]))
    assert first.batch_key == again.batch_key != other.batch_key
    named = [bench.stage_source(some, batch="job 7").batch_key for some in (records, records[:3])]
    assert named[0] == named[1] != first.batch_key


def test_a_parsons_table(bench: Bench) -> None:
    """A parsons Table goes in as it is."""
    staged = bench.stage_source(Table([{"zip": "00501", "n": 1}, {"zip": None, "n": 2}]))
    assert bench.read(staged).to_pydict() == {"zip": ["00501", None], "n": [1, 2]}


def test_declared_types_take_what_fits(bench: Bench) -> None:
    """Text holds dates, floats hold decimals, whole floats whole numbers: the value counts."""
    columns = declare({"day": "DATE", "amount": "NUMERIC(12,2)", "n": "BIGINT", "zip": "VARCHAR"})
    records = [
        {"day": "2026-01-31", "amount": 12.5, "n": 7.0, "zip": "00501"},
        {"day": dt.date(2026, 2, 1), "amount": "3.10", "n": "8", "zip": None},
    ]
    staged = [bench.stage_source([record], declared=columns) for record in records]
    assert [bench.read(one).to_pylist() for one in staged] == [
        [{"day": dt.date(2026, 1, 31), "amount": Decimal("12.50"), "n": 7, "zip": "00501"}],
        [{"day": dt.date(2026, 2, 1), "amount": Decimal("3.10"), "n": 8, "zip": None}],
    ]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"n": 1.5}, 'people: record 2, column "n": "1.5" does not fit BIGINT'),
        ({"n": True}, 'people: record 2, column "n": "True" does not fit BIGINT'),
        ({"n": 2**63}, 'people: record 2, column "n": "9223372036854775808" does not fit BIGINT'),
        ({"t": "a\0b"}, 'people: record 2, column "t": "a\\0b" has a NUL character'),
        ({"t": "\ud800"}, 'people: record 2, column "t": "?" has half of a surrogate pair'),
        ({"t": "x" * 65_536}, "has 65,536 bytes, a VARCHAR holds 65,535"),
        ({"s": {"a": float("nan")}}, "has a number that JSON cannot hold"),
        ({"s": {"a": {1, 2}, "b": object}}, "cannot be written as JSON"),
    ],
)
def test_what_does_not_fit_is_named(bench: Bench, record: dict[str, Any], message: str) -> None:
    """Record, column, value and reason are said."""
    columns = declare({"n": "BIGINT", "t": "VARCHAR", "s": "SUPER"})
    kind, text = refusal(bench, {"n": 1}, record, declared=columns)
    assert kind is SchemaMismatch
    assert message in text
    assert "Nothing was loaded." in text


def test_what_is_no_record(bench: Bench) -> None:
    """Things that are no mappings, and keys that are no names, are refused."""
    assert refusal(bench, {"a": 1}, ("a", 1)) == (
        FileUnreadable,
        "people: record 2 is tuple \"('a', 1)\". Expected a mapping of column to value. Nothing was "
        "loaded. Turn it into one.",
    )
    assert refusal(bench, {1: 1})[0] is FileUnreadable
    with pytest.raises(ParameterInvalid, match="a int cannot be staged"):
        bench.stage_source(7)


def test_keys_are_checked(bench: Bench) -> None:
    """A key that is null or occurs twice is an error that names the records."""
    assert "record 2, key column" in refusal(bench, {"id": 1}, {"id": None}, key=("id",))[1]
    assert "record 1 and record 3 have the same key" in (
        refusal(bench, {"id": 1}, {"id": 2}, {"id": 1}, key=("id",))[1]
    )
    staged = bench.stage_source(iter([{"id": 1}, {"id": 1}]), key=("id",), unique_key=False)
    assert staged.rows == 2
