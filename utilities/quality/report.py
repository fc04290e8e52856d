"""What a check found: counts and a few masked sample rows, small enough to travel."""

from dataclasses import dataclass
from datetime import datetime

from utilities.errors import ChecksFailed
from utilities.quality.rules import Severity

Sample = tuple[tuple[str, str | None], ...]
"""One row: pairs of column and value as text, masked and shortened."""


@dataclass(frozen=True)
class Result:
    """How one rule fared.

    Attributes:
        rule: the rule in one line.
        failing_rows: rows that break it; None for a rule about the table as a whole.
        detail: what was found.
        samples: a few of the failing rows, in a stable order.
    """

    rule: str
    severity: Severity
    passed: bool
    failing_rows: int | None
    detail: str
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class CheckReport:
    """How all rules of a table fared.

    Attributes:
        table: schema-qualified name.
        rows: how many the table had.
        checked_at: the time that freshness was measured against, UTC.
        results: in the order of the rules.
    """

    table: str
    rows: int
    checked_at: datetime
    results: tuple[Result, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """Broken rules of severity `fail`."""
        return tuple(r for r in self.results if not r.passed and r.severity == "fail")

    @property
    def warned(self) -> tuple[Result, ...]:
        """Broken rules of severity `warn`."""
        return tuple(r for r in self.results if not r.passed and r.severity == "warn")


def require_passed(report: CheckReport) -> None:
    """Raise unless every rule of severity `fail` was kept.

    Raises:
        ChecksFailed: with the first broken rule, its count and a sample.
    """
    if not report.failed:
        return
    first = report.failed[0]
    rules = "1 rule" if len(report.results) == 1 else f"{len(report.results)} rules"
    raise ChecksFailed(
        f"{report.table}: {len(report.failed)} of {rules} failed. First: {first.rule}: "
        f"{first.detail}{_example(first)}. Mend the rows at the source and load them again, or "
        "give the rule severity='warn'."
    )


def _example(result: Result) -> str:
    if not result.samples:
        return ""
    pairs = ", ".join(f"{name} = {_quoted(value)}" for name, value in result.samples[0])
    return f", for example {pairs}"


def _quoted(value: str | None) -> str:
    return "null" if value is None else repr(value)
