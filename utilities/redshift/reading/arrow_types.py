"""Give a result's columns Arrow types that hold every value as Redshift has it.

Numbers come from the driver as they are; decimals, dates and times come as Redshift writes them
and are parsed by Arrow, many at a time.
"""

from collections.abc import Sequence
from typing import Any

import psycopg2.extensions
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2.extensions import cursor as Cursor

from utilities.errors import ParameterInvalid, SchemaMismatch

WIDEST_DECIMAL = 38
"""Digits of the widest DECIMAL:
https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html
"""

BATCHES_PUT_TOGETHER = 64

_CHAR, _DATE, _TIME, _TIMESTAMP, _TIMESTAMPTZ, _NUMERIC = 1042, 1082, 1083, 1114, 1184, 1700
_ARROW_TYPES = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int16(),
    23: pa.int32(),
    26: pa.int64(),  # oid
    700: pa.float32(),
    701: pa.float64(),
    _DATE: pa.date32(),
    _TIME: pa.time64("us"),
    _TIMESTAMP: pa.timestamp("us"),
    _TIMESTAMPTZ: pa.timestamp("us", "UTC"),
    18: pa.string(),  # "char"
    19: pa.string(),  # name
    25: pa.string(),  # text
    705: pa.string(),  # unknown: a literal
    1043: pa.string(),  # character varying
    _CHAR: pa.string(),
}
"""By the type's number, which is PostgreSQL's:
https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
"""

_AS_WRITTEN = psycopg2.extensions.new_type(
    (_DATE, _TIME, _TIMESTAMP, _TIMESTAMPTZ, _NUMERIC), "AS_WRITTEN", lambda value, _: value
)


class ResultTypes:
    """The columns of one result: names, types, and how rows of the driver become Arrow's.

    Args:
        cursor: has fetched from the result.
        lookup: another cursor of the connection, to ask for types by number.
        what: it begins the message of an error.

    Raises:
        ParameterInvalid: two columns have one name, or a type cannot be held.
    """

    def __init__(self, cursor: Cursor, lookup: Cursor, what: str) -> None:
        self._what = what
        description = cursor.description or ()
        self.names = [column.name for column in description]
        self._codes = [column.type_code for column in description]
        self._require_unique()
        names_of_types = _unknown_types(lookup, set(self._codes) - {*_ARROW_TYPES, _NUMERIC})
        self._types = [
            self._type(column, names_of_types.get(column.type_code)) for column in description
        ]

    def batch(self, rows: Sequence[tuple[Any, ...]]) -> pa.RecordBatch:
        """Return rows of the driver as Arrow; a decimal whose scale is open stays text."""
        arrays = [
            self._parse(at, pa.array(column, self._wire_type(at), from_pandas=False))
            for at, column in enumerate(zip(*rows, strict=True))
        ]
        return pa.RecordBatch.from_arrays(arrays, names=self.names)

    def finish(self, batches: list[pa.RecordBatch]) -> pa.Table:
        """Return batches as one table of the result's types; the list is empty afterwards.

        Small batches are put together group by group, so memory holds little more than the table.
        """
        larger = []
        while batches:
            larger.append(pa.concat_batches(batches[:BATCHES_PUT_TOGETHER]))
            del batches[:BATCHES_PUT_TOGETHER]
        schema = pa.schema(
            [
                (name, type_ or pa.string())
                for name, type_ in zip(self.names, self._types, strict=True)
            ]
        )
        return self.fit(pa.Table.from_batches(larger, schema))

    def fit(self, table: pa.Table) -> pa.Table:
        """Return a table, such as one that was read from an unloaded file, with these types."""
        columns = [
            _as_decimal(column) if self._types[at] is None else self._parse(at, column)
            for at, column in enumerate(table.columns)
        ]
        return pa.Table.from_arrays(columns, names=self.names)

    def _parse(self, at: int, column: pa.Array) -> pa.Array:
        type_ = self._types[at]
        try:
            if type_ is None:
                return column
            if self._codes[at] == _CHAR:
                # Blanks at the end of a CHAR are padding, not data.
                return pc.utf8_rtrim(column, " ")
            if self._codes[at] == _TIME and pa.types.is_string(column.type):
                column = pc.binary_join_element_wise("1970-01-01", column, " ")
                return column.cast(pa.timestamp("us")).cast(type_)
            return column.cast(type_)
        except pa.ArrowInvalid:
            raise SchemaMismatch(
                f"{self._what}: a value of column {self.names[at]!r} cannot be held as "
                f"{type_}. Cast the column to VARCHAR in the query."
            ) from None

    def _wire_type(self, at: int) -> pa.DataType:
        return pa.string() if self._codes[at] in _AS_WRITTEN.values else self._types[at]

    def _type(self, column: Any, type_name: str | None) -> pa.DataType | None:
        """Return a column's type; None for a NUMERIC whose scale only its values tell."""
        if column.type_code == _NUMERIC:
            if column.precision is None or column.precision > WIDEST_DECIMAL:
                return None
            return pa.decimal128(column.precision, column.scale)
        if type_name == "super":
            return pa.string()
        if column.type_code not in _ARROW_TYPES:
            raise ParameterInvalid(
                f"{self._what}: column {column.name!r} has the type {type_name or 'unknown'}, which "
                "is not read. Cast it to VARCHAR in the query."
            )
        return _ARROW_TYPES[column.type_code]

    def _require_unique(self) -> None:
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        if twice:
            raise ParameterInvalid(
                f"{self._what}: {self.names.count(twice[0])} columns are named {twice[0]!r}. Give "
                "each a name of its own with AS."
            )


def read_as_written(cursor: Cursor) -> None:
    """Have a cursor return decimals, dates and times as Redshift writes them."""
    psycopg2.extensions.register_type(_AS_WRITTEN, cursor)


def _unknown_types(lookup: Cursor, codes: set[int]) -> dict[int, str]:
    """Ask for the types whose numbers differ between servers, as SUPER's does."""
    if not codes:
        return {}
    lookup.execute("SELECT oid, typname FROM pg_type WHERE oid IN %s", (tuple(codes),))
    return {int(code): str(name) for code, name in lookup.fetchall()}


def _as_decimal(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Parse decimals of any scale with the greatest scale among them."""
    if not pa.types.is_string(column.type):
        return column
    point = pc.find_substring(column, ".")
    digits = pc.subtract(pc.subtract(pc.binary_length(column), point), 1)
    scale = pc.max(pc.if_else(pc.equal(point, -1), 0, digits)).as_py() or 0
    return column.cast(pa.decimal128(WIDEST_DECIMAL, scale))
