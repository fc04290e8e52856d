"""What can be promised of a table: rules, declared beside the flow that loads it.

A rule judges rows (`RowRule`: each row keeps it or breaks it) or the table as a whole
(`TableRule`). A null breaks only `NotNull`; every other rule passes it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

Severity = Literal["fail", "warn"]
Number = int | float | Decimal
Value = Number | str | bool | date | datetime | time


@dataclass(frozen=True)
class _Declared:
    severity: Severity = field(default="fail", kw_only=True)
    """What a broken rule does: `fail` raises once everything was measured, `warn` is logged."""


@dataclass(frozen=True)
class Unique(_Declared):
    """No two rows share their values in these columns."""

    columns: str | Sequence[str]


@dataclass(frozen=True)
class NotNull(_Declared):
    """Every row has a value in this column."""

    column: str


@dataclass(frozen=True)
class AcceptedValues(_Declared):
    """The column holds none but these values."""

    column: str
    values: Sequence[Value]


@dataclass(frozen=True)
class InRange(_Declared):
    """The column's numbers, dates or times lie between two bounds; both belong to the range.

    A time without a zone is UTC. NaN is above every maximum.
    """

    column: str
    minimum: Value | None = None
    maximum: Value | None = None


@dataclass(frozen=True)
class References(_Declared):
    """The values of these columns occur in columns of another table (schema.table)."""

    columns: str | Sequence[str]
    other_table: str
    other_columns: str | Sequence[str]


@dataclass(frozen=True)
class RowCount(_Declared):
    """The table has so many rows, and its newest load was about as large as those before it.

    Attributes:
        equals: exactly so many, such as the source counts itself.
        minimum, maximum: bounds that belong to the range.
        last_loads: how many loads before the newest one, of those that the ledger knows, give
            the median to which the staged rows of the newest are compared. Before there is one,
            this part passes.
        within: share of the median by which the newest may differ: 0.5 for half of it.
    """

    equals: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    last_loads: int | None = None
    within: float | None = None


@dataclass(frozen=True)
class Fresh(_Declared):
    """Something new came lately.

    Attributes:
        max_age: how long before the time of the check the newest value may lie.
        column: DATE (counted from the day's end), TIMESTAMP (UTC) or TIMESTAMPTZ. Values after
            the time of the check do not count. None asks the ledger for the last load.
    """

    max_age: timedelta
    column: str | None = None


@dataclass(frozen=True)
class SumEquals(_Declared):
    """The sum of a column is the one that the source has.

    Attributes:
        expected: the source's sum. A Decimal keeps every digit.
        tolerance: how far the two may lie apart; give one for REAL and DOUBLE PRECISION, whose
            sum depends on the order of the rows.
    """

    column: str
    expected: Number
    tolerance: Number = 0


RowRule = Unique | NotNull | AcceptedValues | InRange | References
TableRule = RowCount | Fresh | SumEquals
Rule = RowRule | TableRule


def rule_columns(rule: Rule) -> tuple[str, ...]:
    """Return the columns of the checked table that a rule reads, in its order."""
    match rule:
        case Unique() | References():
            return as_names(rule.columns)
        case NotNull(column=name) | AcceptedValues(column=name) | InRange(column=name):
            return (name,)
        case SumEquals(column=name) | Fresh(column=str() as name):
            return (name,)
        case RowCount() | Fresh():
            return ()


def as_names(names: str | Sequence[str]) -> tuple[str, ...]:
    """Return one name or several as several."""
    return (names,) if isinstance(names, str) else tuple(names)
