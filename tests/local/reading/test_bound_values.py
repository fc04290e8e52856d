"""Values that are bound to a query arrive as they are, whichever way the result comes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from utilities.errors import ParameterInvalid
from utilities.redshift.reading import query
from utilities.settings import Settings

TYPES = ("bigint", "numeric(18,4)", "varchar(900)", "boolean", "date", "timestamptz", "float8")
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.decimals(-(10**13), 10**13, places=4),
        st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=200),
        st.none() | st.booleans(),
        st.none() | st.dates(),
        st.none() | st.datetimes(timezones=st.just(UTC)),
        st.none() | st.floats(allow_nan=False),
    ),
    min_size=1,
    max_size=5,
)


@effort(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_round_trip(settings: Settings, rows: list[tuple[Any, ...]]) -> None:
    """What goes in as values comes out as rows, over the connection and by UNLOAD."""
    line = "SELECT %s::integer AS n, " + ", ".join(
        f"CAST(%s AS {type_}) AS c{at}" for at, type_ in enumerate(TYPES)
    )
    text = " UNION ALL ".join([line] * len(rows)) + " ORDER BY 1"
    values = [value for at, row in enumerate(rows) for value in (at, *row)]
    by_connection = query(text, values, settings, "connection").arrow()
    assert [tuple(row.values())[1:] for row in by_connection.to_pylist()] == rows
    assert query(text, values, settings, "unload").arrow().equals(by_connection)


def test_values_by_name(settings: Settings) -> None:
    """A mapping goes to %(name)s, a tuple to IN, and a doubled percent sign is one."""
    text = "SELECT 'x%%' AS x WHERE 'it''s' = %(text)s AND 2 IN %(many)s"
    result = query(text, {"text": "it's", "many": (1, 2)}, settings)
    assert result.arrow().to_pylist() == [{"x": "x%"}]


def test_no_values(settings: Settings) -> None:
    """Without parameters the text is left alone, percent signs too."""
    assert query("SELECT '%s %' AS x; -- all", None, settings).arrow().to_pylist() == [
        {"x": "%s %"}
    ]


def test_a_value_is_never_read_as_sql(settings: Settings) -> None:
    """Quotes, backslashes and semicolons in a value stay in the value, also inside UNLOAD."""
    hostile = "x'') TO 's3://elsewhere/' \\'; DROP TABLE t; -- $$ %s {name}"
    for via in ("connection", "unload"):
        found = query("SELECT %s AS x, %s AS y", (hostile, "\\"), settings, via).arrow()
        assert found.to_pylist() == [{"x": hostile, "y": "\\"}]


@pytest.mark.parametrize(
    ("text", "parameters", "told"),
    [
        ("SELECT %(a)s AS a", {"b": 1}, "%(a)s has no value. Given: b."),
        ("SELECT %s AS a", (1, 2), "the placeholders do not fit 2 values"),
        ("SELECT %s AS a, %s AS b", (1,), "the placeholders do not fit 1 values"),
        ("SELECT 100% AS a, %s AS b", (1,), "%% for a percent sign"),
        ("SELECT %s AS a", "text", "parameters are a text; expected a tuple"),
        ("SELECT %s AS a", (object(),), "a value cannot be sent to Redshift"),
        ("SELECT %s AS a", ("\0",), "the placeholders do not fit"),
    ],
)
def test_refusals(settings: Settings, text: str, parameters: Any, told: str) -> None:
    """What does not go together is told before anything is sent."""
    with pytest.raises(ParameterInvalid) as caught:
        query(text, parameters, settings)
    assert told in str(caught.value)


def test_no_value_is_in_an_error(settings: Settings) -> None:
    """What Redshift refuses is told without the values."""
    secret = "planted-value-4711"
    with pytest.raises(Exception) as caught:
        query("SELECT no_such_column FROM nowhere WHERE x = %s", (secret,), settings)
    assert secret not in str(caught.value)


def test_exact_numbers(settings: Settings) -> None:
    """Numbers that need all their digits keep them."""
    values = (1 / 3, Decimal("0.1000"), date(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999))
    text = "SELECT %s::float8 AS a, %s::numeric(5,4) AS b, %s::date AS c, %s::timestamp AS d"
    for via in ("connection", "unload"):
        assert tuple(query(text, values, settings, via).arrow().to_pylist()[0].values()) == values
