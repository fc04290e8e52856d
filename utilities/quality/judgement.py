"""Decide from what was measured whether a rule was kept, and say what was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from statistics import median
from typing import Any

from utilities.quality.rules import Fresh, RowCount, Rule, SumEquals
from utilities.quality.wording import MASK, show_value


@dataclass(frozen=True)
class Measured:
    """What one check knows of a table.

    Attributes:
        rows: how many the table has.
        now: the time of the check, UTC.
        load_rows: staged rows of the last loads, the newest first.
        last_load: time of the newest load, UTC; None when the ledger knows none.
    """

    rows: int
    now: datetime
    load_rows: tuple[int, ...] = ()
    last_load: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a rule was kept, how many rows break it (None: not about rows), and why."""

    passed: bool
    failing_rows: int | None
    detail: str


def judge(rule: Rule, figures: Sequence[Any], measured: Measured, hidden: bool) -> Verdict:
    """Return the verdict on a rule.

    Args:
        rule: what was declared.
        figures: what the statement computed for it.
        measured: what is known of the table as a whole.
        hidden: keep every value of the rule's columns out of the detail.
    """
    match rule:
        case RowCount():
            faults = list(_count_faults(rule, measured))
            return Verdict(not faults, None, "; ".join(faults) or _count(measured.rows, "row"))
        case Fresh(column=None):
            return _judge_age(measured.last_load, 0, rule, measured, hidden)
        case Fresh():
            return _judge_age(figures[0], figures[1], rule, measured, hidden)
        case SumEquals():
            return _judge_sum(figures[0], rule, hidden)
    failing = int(figures[0])
    detail = f"{failing:,} of {_count(measured.rows, 'row')}"
    return Verdict(not failing, failing, detail)


def _count_faults(rule: RowCount, measured: Measured) -> Iterator[str]:
    rows = measured.rows
    found = _count(rows, "row")
    if rule.equals is not None and rows != rule.equals:
        yield f"{found}, expected {rule.equals:,}"
    if rule.minimum is not None and rows < rule.minimum:
        yield f"{found}, expected at least {rule.minimum:,}"
    if rule.maximum is not None and rows > rule.maximum:
        yield f"{found}, expected at most {rule.maximum:,}"
    if rule.last_loads is None or rule.within is None:
        return
    newest, *before = measured.load_rows[: rule.last_loads + 1] or (0,)
    if not before:
        return
    usual = median(before)
    if abs(newest - usual) > rule.within * usual:
        yield (
            f"the newest load had {_count(newest, 'row')}, the median of {len(before)} before it "
            f"is {usual:,}"
        )


def _judge_age(
    newest: date | datetime | None, future: int, rule: Fresh, measured: Measured, hidden: bool
) -> Verdict:
    """Judge the newest value that does not lie after the check."""
    ahead = f"; {_count(future, 'value')} after the check do not count" if future else ""
    if newest is None:
        return Verdict(False, None, f"nothing up to the time of the check{ahead}")
    age = max(measured.now - _moment(newest), timedelta(0))
    passed = age <= rule.max_age
    if hidden:
        found = "new enough" if passed else "too old"
    else:
        found = f"newest is {show_value(newest)}, {age} before the check"
    return Verdict(passed, None, found + ahead)


def _moment(value: date | datetime) -> datetime:
    """Return a stored value as a moment; a day counts from its end."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC) + timedelta(days=1)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _judge_sum(found: Any, rule: SumEquals, hidden: bool) -> Verdict:
    total = found if found is not None else 0
    passed = isfinite(total) and abs(_exact(total) - _exact(rule.expected)) <= _exact(
        rule.tolerance
    )
    if hidden:
        return Verdict(passed, None, f"sum is {MASK}, {'as' if passed else 'not as'} expected")
    difference = abs(_exact(total) - _exact(rule.expected)) if isfinite(total) else None
    apart = f", {show_value(difference)} apart" if difference else ""
    return Verdict(
        passed, None, f"sum is {show_value(total)}, expected {show_value(rule.expected)}{apart}"
    )


def _exact(number: int | float | Decimal) -> Decimal:
    """Return a number as the digits that a person sees: 0.1 is a tenth."""
    return Decimal(str(number))


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
