"""A rule as a person reads it, without what a sensitive column holds."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

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

MASK = "***"
"""Stands for any value of a sensitive column, a null too: its length tells nothing."""

SHOWN_VALUES = 5
SHOWN_CHARACTERS = 60


def describe_rule(rule: Rule, sensitive: Collection[str] = ()) -> str:
    """Return a rule in one line.

    Args:
        rule: what was declared.
        sensitive: columns whose values, bounds and sums are masked.
    """
    hidden = is_sensitive(rule, sensitive)
    match rule:
        case Unique():
            return f"unique ({_names(rule.columns)})"
        case NotNull():
            return f"not null ({rule.column})"
        case AcceptedValues():
            return f"{rule.column} in ({MASK if hidden else _list(rule.values)})"
        case InRange():
            return f"{rule.column} {_bounds(rule.minimum, rule.maximum, hidden)}"
        case References():
            other = f"{rule.other_table} ({_names(rule.other_columns)})"
            return f"({_names(rule.columns)}) in {other}"
        case RowCount():
            return f"row count {_count_bounds(rule)}"
        case Fresh():
            return f"{rule.column or 'last load'} at most {rule.max_age} old"
        case SumEquals():
            expected = MASK if hidden else show_value(rule.expected)
            allowed = f" ± {show_value(rule.tolerance)}" if rule.tolerance else ""
            return f"sum of {rule.column} = {expected}{allowed}"


def is_sensitive(rule: Rule, sensitive: Collection[str]) -> bool:
    """Say whether a rule reads a sensitive column."""
    return any(name in sensitive for name in rule_columns(rule))


def show_value(value: Any) -> str | None:
    """Return a value as short text; None stays None."""
    if value is None:
        return None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    text = format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


def _names(names: Any) -> str:
    return ", ".join(as_names(names))


def _list(values: Any) -> str:
    shown = [
        repr(show_value(value)) if isinstance(value, str) else str(show_value(value))
        for value in list(values)[:SHOWN_VALUES]
    ]
    more = len(values) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _bounds(minimum: Any, maximum: Any, hidden: bool) -> str:
    low, high = (MASK if hidden else show_value(bound) for bound in (minimum, maximum))
    if minimum is None:
        return f"at most {high}"
    return f"at least {low}" if maximum is None else f"between {low} and {high}"


def _count_bounds(rule: RowCount) -> str:
    parts = []
    if rule.equals is not None:
        parts.append(f"= {rule.equals:,}")
    if rule.minimum is not None:
        parts.append(f"at least {rule.minimum:,}")
    if rule.maximum is not None:
        parts.append(f"at most {rule.maximum:,}")
    if rule.last_loads is not None:
        parts.append(
            f"newest load within {rule.within:.0%} of the median of {rule.last_loads} before it"
        )
    return ", ".join(parts)
