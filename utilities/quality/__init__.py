"""Declared promises about tables, measured in the warehouse in one scan."""

from utilities.quality.check import check
from utilities.quality.report import CheckReport, Result, require_passed
from utilities.quality.rules import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    References,
    RowCount,
    Rule,
    Severity,
    SumEquals,
    Unique,
)

__all__ = [
    "AcceptedValues",
    "CheckReport",
    "Fresh",
    "InRange",
    "NotNull",
    "References",
    "Result",
    "RowCount",
    "Rule",
    "Severity",
    "SumEquals",
    "Unique",
    "check",
    "require_passed",
]
