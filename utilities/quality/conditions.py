"""When a row breaks a rule, as a condition in SQL.

Values are quoted by the driver as bound ones are, and set in while the text is composed: psycopg2
would take a percent sign in a column's name for a place to fill.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from psycopg2 import sql

from utilities.quality.rules import (
    AcceptedValues,
    InRange,
    NotNull,
    References,
    RowRule,
    Unique,
    Value,
)


def broken(
    rule: RowRule, columns: Sequence[sql.Composable], type_: str, mark: sql.Composable
) -> sql.Composable:
    """Return the condition that is true for a row that breaks a rule.

    Args:
        rule: what was declared.
        columns: the rule's columns, in its order.
        type_: type of the first of them.
        mark: how many rows share the key, for `Unique`; something where the other table has the
            key and null where it has not, for `References`.
    """
    match rule:
        case Unique():
            return sql.SQL("{} AND {} > 1").format(filled(columns), mark)
        case References():
            return sql.SQL("{} AND {} IS NULL").format(filled(columns), mark)
        case NotNull():
            return sql.SQL("{} IS NULL").format(columns[0])
        case AcceptedValues():
            values = sql.SQL(", ").join(literal(value, type_) for value in rule.values)
            return sql.SQL("{} NOT IN ({})").format(columns[0], values)
        case InRange():
            return sql.SQL("NOT ({})").format(_inside(rule, columns[0], type_))


def filled(columns: Sequence[sql.Composable]) -> sql.Composable:
    """Return the condition that none of the columns is null."""
    return sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(column) for column in columns)


def literal(value: Value, type_: str) -> sql.Composable:
    """Return a value as a literal of the column type that it is compared with."""
    if isinstance(value, datetime):
        in_utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if type_ == "DATE":
            return sql.Literal(in_utc.date())
        return sql.Literal(in_utc.replace(tzinfo=None) if type_ == "TIMESTAMP" else in_utc)
    if isinstance(value, float):
        value = float(value)  # psycopg2 writes NumPy's as np.float64(0.1)
    if type_ in ("REAL", "DOUBLE PRECISION"):
        return sql.SQL("CAST({} AS {})").format(sql.Literal(value), sql.SQL(type_))
    return sql.Literal(value)


def _inside(rule: InRange, column: sql.Composable, type_: str) -> sql.Composable:
    bounds = [("{} >= {}", rule.minimum), ("{} <= {}", rule.maximum)]
    return sql.SQL(" AND ").join(
        sql.SQL(form).format(column, literal(bound, type_))
        for form, bound in bounds
        if bound is not None
    )
