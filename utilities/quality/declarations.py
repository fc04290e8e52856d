"""Refuse rules that make no sense for a table, before a row of it is read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, NoReturn

from utilities.errors import ParameterInvalid
from utilities.quality.rules import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    References,
    RowCount,
    Rule,
    SumEquals,
    Unique,
    as_names,
    rule_columns,
)
from utilities.references import TableName

Types = Mapping[str, str]
"""Columns of a table, name to type."""

_KINDS = {
    **dict.fromkeys(("SMALLINT", "INTEGER", "BIGINT", "REAL", "DOUBLE PRECISION"), "number"),
    **dict.fromkeys(("VARCHAR", "CHAR"), "text"),
    "NUMERIC": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMPTZ": "timestamp with time zone",
    "TIME": "time",
    "TIMETZ": "time with time zone",
}
_VALUES: dict[str, tuple[type, ...]] = {
    "number": (int, float, Decimal),
    "text": (str,),
    "boolean": (bool,),
    "date": (date,),
    "timestamp": (datetime,),
    "timestamp with time zone": (datetime,),
    "time": (time,),
}
_ORDERED = ("number", "date", "timestamp", "timestamp with time zone", "time")
_DATED = ("date", "timestamp", "timestamp with time zone")

DIGITS = 38
"""As many as a NUMERIC holds: https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html"""


def kind(type_: str) -> str | None:
    """Return what sort of values a column type holds; None for those that cannot be compared."""
    return _KINDS.get(type_.partition("(")[0])


def require_declarations(
    table: TableName,
    types: Types,
    rules: Sequence[Rule],
    sensitive: Sequence[str],
    others: Mapping[str, Types],
) -> None:
    """Raise unless every rule can be measured.

    Args:
        table: the table that the rules are for.
        types: its columns; empty when there is no such table.
        rules: what was declared.
        sensitive: columns that are masked.
        others: columns of the tables that are referenced, by the name in the rule.

    Raises:
        ParameterInvalid: no such table or column, a type that does not go with the rule, or
            bounds and values that nothing can keep.
    """
    if not types:
        raise ParameterInvalid(
            f"{table}: there is no such table, or it cannot be seen. Load it before it is checked, "
            "or mend the name."
        )
    if not rules:
        raise ParameterInvalid(f"{table}: no rules were given. Declare one, such as Unique('id').")
    _require_columns(table, types, sensitive, "sensitive")
    for rule in rules:
        name = type(rule).__name__
        if rule.severity not in ("fail", "warn"):
            _refuse(table, name, f"severity is {rule.severity!r}", "Give 'fail' or 'warn'.")
        _require_columns(table, types, rule_columns(rule), name)
        _Declaration(table, types, name).require(rule, others)


class _Declaration:
    """Looks at one rule; knows what every refusal has to name."""

    def __init__(self, table: TableName, types: Types, name: str) -> None:
        self._table = table
        self._types = types
        self._name = name

    def require(self, rule: Rule, others: Mapping[str, Types]) -> None:
        match rule:
            case Unique():
                self._require_key(as_names(rule.columns))
            case AcceptedValues():
                self._require_values(rule)
            case InRange():
                self._require_range(rule)
            case References():
                self._require_reference(rule, others[rule.other_table])
            case RowCount():
                self._require_counts(rule)
            case Fresh():
                self._require_fresh(rule)
            case SumEquals():
                self._require_sum(rule)
            case NotNull():
                pass

    def _require_key(self, columns: tuple[str, ...]) -> None:
        if not columns or len(set(columns)) < len(columns):
            self._refuse(f"columns are {columns!r}", "Name each column of the key once.")
        for column in columns:
            self._kind(column)

    def _require_values(self, rule: AcceptedValues) -> None:
        if isinstance(rule.values, str) or not rule.values:
            found = "one text" if rule.values else "none"
            self._refuse(f"its values are {found}", "Give a tuple of at least one value.")
        for value in rule.values:
            self._require_value(rule.column, value)

    def _require_range(self, rule: InRange) -> None:
        if self._kind(rule.column) not in _ORDERED:
            self._refuse_type(rule.column, "a number, a date or a time")
        bounds = [bound for bound in (rule.minimum, rule.maximum) if bound is not None]
        if not bounds:
            self._refuse("it has no bounds", "Give minimum, maximum or both.")
        for bound in bounds:
            self._require_value(rule.column, bound)

    def _require_reference(self, rule: References, other: Types) -> None:
        columns, others = as_names(rule.columns), as_names(rule.other_columns)
        self._require_key(columns)
        if not other:
            self._refuse(f"{rule.other_table} does not exist", "Mend the name, or load it first.")
        for name in others:
            if name not in other:
                self._refuse(
                    f"{rule.other_table} has no column {name!r}", f"It has: {', '.join(other)}."
                )
        if len(columns) != len(others):
            self._refuse(
                f"{len(columns)} columns refer to {len(others)}", "Name as many on both sides."
            )
        for here, there in zip(columns, others, strict=True):
            if self._kind(here) != kind(other[there]):
                self._refuse(
                    f"{here!r} is {self._types[here]}, {there!r} of {rule.other_table} is "
                    f"{other[there]}",
                    "Compare columns of one kind.",
                )

    def _require_counts(self, rule: RowCount) -> None:
        bounds = (rule.equals, rule.minimum, rule.maximum, rule.last_loads)
        given = [bound for bound in bounds if bound is not None]
        if not given or min(given) < 0:
            self._refuse(
                "it has no bounds, or one below zero",
                "Give equals, minimum, maximum, or last_loads and within.",
            )
        if (rule.last_loads is None) != (rule.within is None) or rule.last_loads == 0:
            self._refuse(
                f"last_loads is {rule.last_loads}, within is {rule.within}",
                "Give both, such as last_loads=10 and within=0.5, or neither.",
            )
        if rule.within is not None and not (isfinite(rule.within) and rule.within >= 0):
            self._refuse(f"within is {rule.within}", "Give a share, 0.5 for half of the median.")

    def _require_fresh(self, rule: Fresh) -> None:
        if rule.column is not None and self._kind(rule.column) not in _DATED:
            self._refuse_type(rule.column, "DATE, TIMESTAMP or TIMESTAMPTZ")
        if rule.max_age < timedelta(0):
            self._refuse(f"max_age is {rule.max_age}", "Give a span that is not negative.")

    def _require_sum(self, rule: SumEquals) -> None:
        if self._kind(rule.column) != "number":
            self._refuse_type(rule.column, "a number")
        for number in (rule.expected, rule.tolerance):
            self._require_value(rule.column, number)
        if rule.tolerance < 0:
            self._refuse(f"tolerance is {rule.tolerance}", "Give one that is not negative.")

    def _require_value(self, column: str, value: Any) -> None:
        expected = _VALUES.get(self._kind(column), ())
        if not isinstance(value, expected) or (type(value) is not expected[0] and _odd(value)):
            self._refuse(
                f"{column!r} is {self._types[column]}, a value is {type(value).__name__}",
                f"Give {' or '.join(type_.__name__ for type_ in expected) or 'another rule'}.",
            )
        if isinstance(value, int | float | Decimal) and not _is_storable(value):
            self._refuse(
                f"a value for {column!r} is not a number of at most {DIGITS} digits",
                "Leave a bound out where there is none.",
            )
        if isinstance(value, str) and "\0" in value:
            self._refuse(f"a value for {column!r} has a null character", "No text holds one.")

    def _kind(self, column: str) -> str:
        found = kind(self._types[column])
        if found is None:
            self._refuse_type(column, "a column that can be compared; only NotNull can be measured")
        return found

    def _refuse_type(self, column: str, expected: str) -> NoReturn:
        self._refuse(f"{column!r} is {self._types[column]}", f"Expected {expected}.")

    def _refuse(self, found: str, step: str) -> NoReturn:
        _refuse(self._table, self._name, found, step)


def _odd(value: Any) -> bool:
    """Say whether a value is of a subclass that means something else: True is an int, a
    datetime is a date."""
    return isinstance(value, bool | datetime)


def _is_storable(value: int | float | Decimal) -> bool:
    return isfinite(value) and abs(value) < 10**DIGITS


def _require_columns(table: TableName, types: Types, columns: Sequence[str], name: str) -> None:
    for column in columns:
        if column not in types:
            _refuse(
                table, name, f"there is no column {column!r}", f"The table has: {', '.join(types)}."
            )


def _refuse(table: TableName, name: str, found: str, step: str) -> NoReturn:
    raise ParameterInvalid(f"{table}: the rule {name} cannot be checked: {found}. {step}")
