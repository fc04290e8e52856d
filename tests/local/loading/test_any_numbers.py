"""Numbers of whatever type after numbers of whatever type: each stays what it was, or is refused."""

from decimal import Decimal
from itertools import count
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from tests.local.loading.batches import StageTyped
from tests.local.warehouse import Ask
from utilities.errors import SchemaMismatch
from utilities.redshift import LoadOptions, load, table_columns
from utilities.redshift.column_types import fits, widened_number
from utilities.references import TableName
from utilities.settings import Settings

table_numbers = count()


def integers(type_: pa.DataType) -> st.SearchStrategy[pa.Array]:
    """Whole numbers up to the ends of a type."""
    end = 2 ** (type_.bit_width - 1)
    values = st.sampled_from([-end, -1, 0, 1, end - 1])
    return values.map(lambda value: pa.array([value], type_))


def floats(type_: pa.DataType) -> st.SearchStrategy[pa.Array]:
    """Quarters, which both floating types hold exactly and print shortly."""
    values = st.integers(-(2**20), 2**20).map(lambda value: value / 4)
    return values.map(lambda value: pa.array([value], type_))


@st.composite
def decimals(draw: st.DrawFn) -> pa.Array:
    """The greatest and other values of a precision and a scale."""
    precision = draw(st.integers(1, 38))
    scale = draw(st.integers(0, precision))
    digits = draw(st.sampled_from([10**precision - 1, -(10**precision - 1), 1, 0]))
    # Built from its digits: arithmetic would round to the context's 28.
    value = Decimal((digits < 0, tuple(map(int, str(abs(digits)))), -scale))
    return pa.array([value], pa.decimal128(precision, scale))


numbers = st.one_of(
    integers(pa.int16()),
    integers(pa.int32()),
    integers(pa.int64()),
    floats(pa.float32()),
    floats(pa.float64()),
    decimals(),
)


@bounds(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=st.lists(numbers, min_size=2, max_size=4))
def test_no_number_changes_whatever_comes_after_it(
    stage_typed: StageTyped, ask: Ask, settings: Settings, schema: str, batches: list[pa.Array]
) -> None:
    """A load either leaves every earlier number as it was, beside its own, or refuses and leaves
    the table as it was."""
    table = TableName(schema, f"numbers_{next(table_numbers)}")
    expected: list[Any] = []
    for place, values in enumerate(batches):
        staged = stage_typed(place=pa.array([place], pa.int32()), n=values)
        before = table_columns(table, settings)
        try:
            load(staged, table, LoadOptions(), settings)
        except SchemaMismatch:
            type_ = next(column.type for column in staged.columns if column.name == "n")
            assert not fits(type_, before["n"])
            assert widened_number(before["n"], type_) is None
            assert table_columns(table, settings) == before
        else:
            expected.append((place, values[0].as_py()))
        assert ask(f"SELECT place, n FROM {table} ORDER BY place") == expected
