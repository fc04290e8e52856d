"""A rule that makes no sense for a table is refused, naming table, what was found, and a way out."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from utilities.errors import ParameterInvalid
from utilities.quality import (
    AcceptedValues,
    Fresh,
    InRange,
    NotNull,
    References,
    RowCount,
    Rule,
    SumEquals,
    Unique,
)
from utilities.quality.declarations import require_declarations
from utilities.references import TableName

TABLE = TableName("van", "contacts")
TYPES = {
    "id": "BIGINT",
    "zip": "VARCHAR(7)",
    "amount": "NUMERIC(12,2)",
    "born": "DATE",
    "seen": "TIMESTAMPTZ",
    "active": "BOOLEAN",
    "tags": "SUPER",
    "shape": "GEOMETRY",
}
OTHERS = {"van.states": {"code": "CHAR(2)", "number": "INTEGER"}, "van.none": {}}
anything: Any = object()

WRONG: list[tuple[Rule, str]] = [
    (NotNull("zipp"), "NotNull cannot be checked: there is no column 'zipp'. The table has: id, "),
    (Unique(()), "Unique cannot be checked: columns are (). Name each column of the key once."),
    (Unique(("id", "id")), "columns are ('id', 'id')"),
    (Unique("tags"), "'tags' is SUPER. Expected a column that can be compared; only NotNull"),
    (AcceptedValues("shape", ("x",)), "'shape' is GEOMETRY. Expected a column that can be"),
    (AcceptedValues("zip", ()), "its values are none. Give a tuple of at least one value."),
    (AcceptedValues("zip", "01001"), "its values are one text."),
    (AcceptedValues("zip", (1001,)), "'zip' is VARCHAR(7), a value is int. Give str."),
    (AcceptedValues("zip", (anything,)), "a value is object. Give str."),
    (AcceptedValues("zip", ("a\0b",)), "a value for 'zip' has a null character."),
    (AcceptedValues("id", ("1",)), "'id' is BIGINT, a value is str. Give int or float or Decimal."),
    (AcceptedValues("id", (True,)), "'id' is BIGINT, a value is bool."),
    (AcceptedValues("active", (1,)), "'active' is BOOLEAN, a value is int. Give bool."),
    (InRange("id"), "it has no bounds. Give minimum, maximum or both."),
    (InRange("zip", "0", "9"), "'zip' is VARCHAR(7). Expected a number, a date or a time."),
    (InRange("id", 10**38), "not a number of at most 38 digits. Leave a bound out"),
    (InRange("amount", Decimal("-Infinity")), "not a number of at most 38 digits."),
    (InRange("amount", maximum=float("nan")), "not a number of at most 38 digits."),
    (InRange("born", datetime(2026, 1, 1)), "'born' is DATE, a value is datetime. Give date."),
    (InRange("seen", date(2026, 1, 1)), "'seen' is TIMESTAMPTZ, a value is date. Give datetime."),
    (References("id", "van.none", "id"), "van.none does not exist. Mend the name, or load it"),
    (References("id", "van.states", "x"), "van.states has no column 'x'. It has: code, number."),
    (References(("id", "zip"), "van.states", "code"), "2 columns refer to 1. Name as many on both"),
    (References("id", "van.states", "code"), "'id' is BIGINT, 'code' of van.states is CHAR(2)."),
    (RowCount(), "it has no bounds, or one below zero. Give equals, minimum, maximum, or"),
    (RowCount(minimum=-1), "it has no bounds, or one below zero."),
    (RowCount(last_loads=10), "last_loads is 10, within is None. Give both, such as"),
    (RowCount(minimum=1, within=0.5), "last_loads is None, within is 0.5."),
    (RowCount(last_loads=0, within=0.5), "last_loads is 0, within is 0.5."),
    (RowCount(last_loads=1, within=-1), "within is -1. Give a share"),
    (Fresh(timedelta(1), "zip"), "'zip' is VARCHAR(7). Expected DATE, TIMESTAMP or TIMESTAMPTZ."),
    (Fresh(-timedelta(1)), "max_age is -1 day, 0:00:00. Give a span that is not negative."),
    (SumEquals("zip", 1), "'zip' is VARCHAR(7). Expected a number."),
    (SumEquals("id", float("inf")), "not a number of at most 38 digits."),
    (SumEquals("id", 1, tolerance=-1), "tolerance is -1. Give one that is not negative."),
    (NotNull("id", severity="error"), "severity is 'error'. Give 'fail' or 'warn'."),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("rule", "text"), WRONG)
def test_a_wrong_rule_is_refused(rule: Rule, text: str) -> None:
    """The message begins with the table and the rule."""
    with pytest.raises(ParameterInvalid) as caught:
        require_declarations(TABLE, TYPES, [NotNull("id"), rule], (), OTHERS)
    message = str(caught.value)
    assert message.startswith(f"van.contacts: the rule {type(rule).__name__} cannot be checked: ")
    assert text in message


def test_a_table_that_is_not_there_is_told() -> None:
    """No columns means no table that this user can see."""
    with pytest.raises(ParameterInvalid, match="^van.contacts: there is no such table, or it can"):
        require_declarations(TABLE, {}, [NotNull("id")], (), {})


def test_no_rules_are_no_check() -> None:
    """A check without rules would always pass."""
    with pytest.raises(ParameterInvalid, match="^van.contacts: no rules were given. Declare one"):
        require_declarations(TABLE, TYPES, [], (), {})


def test_a_sensitive_column_has_to_exist() -> None:
    """A misspelt one would show what it was to hide."""
    with pytest.raises(ParameterInvalid, match="the rule sensitive .* no column 'emial'"):
        require_declarations(TABLE, TYPES, [NotNull("id")], ("emial",), {})
