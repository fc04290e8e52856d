"""SUPER: JSON values kept exactly, navigated, unnested, cast and compared."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.redshift.front.clients import Client

LEGISLATOR = {
    "name": {"first": "Sherrod", "last": "Brown"},
    "terms": [
        {"party": "Democrat", "start": "1993-01-05", "district": 13, "at_large": False},
        {"party": "Democrat", "start": "2007-01-04", "district": None, "parts": [1, 2]},
    ],
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcü", max_size=3), inner),
    max_leaves=15,
)


@pytest.fixture
def people(client: Client) -> Client:
    """One legislator in a table `l`."""
    client.run("CREATE TABLE l (id int, name super, terms super)")
    values = [json.dumps(LEGISLATOR["name"]), json.dumps(LEGISLATOR["terms"])]
    client.run("INSERT INTO l VALUES (1, JSON_PARSE(%s), JSON_PARSE(%s))", values)
    return client


def test_json_is_kept_exactly(client: Client) -> None:
    """Any JSON comes back as it was, but for the spaces between its parts."""

    @settings(max_examples=100, deadline=None)
    @given(JSON)
    def check(value: object) -> None:
        compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        assert client.run("SELECT JSON_PARSE(%s)", [json.dumps(value, ensure_ascii=False)]) == [
            (compact,)
        ]

    check()


@pytest.mark.parametrize(
    "text", ['{"z":1,"a":2}', "1.0", "1e400", "123456789012345678901234567890", '{"a":1,"a":2}']
)
def test_order_numbers_and_repeated_keys_stay(client: Client, text: str) -> None:
    """What jsonb would change is left alone."""
    client.run("CREATE TABLE t (s super)")
    client.run("INSERT INTO t VALUES (JSON_PARSE(%s))", [text])
    assert client.value("SELECT s FROM t") == text
    assert client.value("SELECT JSON_SERIALIZE(s) FROM t") == text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("l.name.first", '"Sherrod"'),
        ("name.first::varchar", "Sherrod"),
        ("l.terms[0].party::varchar", "Democrat"),
        ("terms[0].district::int", 13),
        ("l.terms[0].district::varchar", "13"),
        ("l.terms[0].at_large::bool", False),
        ("l.terms[1].start::date::varchar", "2007-01-04"),
        ("l.terms[1].parts[1]", "2"),
        ("l.terms[7].party", None),
        ("l.name.middle.initial", None),
        ("l.terms[1].district", None),
        ("l.terms[1].district IS NULL", True),
        ("l.name.first::int", None),
        ("l.name.first = 'Sherrod'", True),
        ("l.terms[0].district = 13", True),
        ("l.terms[0].district > 12.5 AND l.terms[0].start < '2000'", True),
        ("l.name.last IN ('Brown', 'White')", True),
        ("l.name.last LIKE 'Br%%'", True),
        ("GET_ARRAY_LENGTH(l.terms)", 2),
        ("JSON_TYPEOF(l.name)", "object"),
        ("IS_ARRAY(terms) AND IS_OBJECT(name)", True),
        ("UPPER(l.name.first::varchar)", "SHERROD"),
    ],
)
def test_navigation(people: Client, expression: str, value: object) -> None:
    """Dots and brackets lead into the value; what is not there is null."""
    assert people.run(f"SELECT {expression} FROM l", []) == [(value,)]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT t.start::varchar FROM l, l.terms t", [("1993-01-05",), ("2007-01-04",)]),
        ("SELECT t.start::varchar FROM l AS x, x.terms AS t", [("1993-01-05",), ("2007-01-04",)]),
        ("SELECT l.id, i FROM l, l.terms AS t AT i", [(1, 0), (1, 1)]),
        ("SELECT p FROM l, l.terms t, t.parts p", [("1",), ("2",)]),
        ("SELECT id FROM l WHERE EXISTS (SELECT 1 FROM l.terms t WHERE t.district = 13)", [(1,)]),
        ("SELECT count(*) FROM l LEFT JOIN l.terms t ON true", [(2,)]),
        ("SELECT t.party::varchar, count(*) FROM l, l.terms t GROUP BY t.party", [("Democrat", 2)]),
        ("WITH w AS (SELECT l.name AS n FROM l) SELECT w.n.last::varchar FROM w", [("Brown",)]),
        ("SELECT s.name.last::varchar FROM (SELECT name FROM l) s", [("Brown",)]),
        ("SELECT DISTINCT l.name FROM l, l.terms t", [('{"first":"Sherrod","last":"Brown"}',)]),
    ],
)
def test_unnesting(people: Client, query: str, rows: list[tuple[object, ...]]) -> None:
    """A list in FROM gives a row for each of its elements."""
    assert people.run(query) == rows


def test_columns_are_called_as_the_last_name(people: Client) -> None:
    """As Redshift names them, with and without a cast."""
    query = "SELECT l.name.first, l.name.last::varchar, l.terms[0].party AS p FROM l"
    assert people.columns(query) == ["first", "last", "p"]


def test_cursors_navigate(people: Client) -> None:
    """A declared cursor reads what its query alone reads."""
    people.run("BEGIN")
    people.run('DECLARE "a c" CURSOR WITHOUT HOLD FOR SELECT l.name.first::varchar FROM l')
    assert people.run('FETCH 9 FROM "a c"') == [("Sherrod",)]
    people.run("ROLLBACK")


def test_navigation_changes_rows(people: Client) -> None:
    """UPDATE, DELETE, INSERT ... SELECT and CREATE TABLE AS navigate as well."""
    people.run("CREATE TABLE names AS SELECT l.name.first::varchar(20) AS first FROM l")
    people.run("INSERT INTO names SELECT l.name.last::varchar FROM l")
    people.run(
        "UPDATE names SET first = l.terms[0].party::varchar FROM l WHERE l.name.last = names.first"
    )
    assert people.run("SELECT first FROM names ORDER BY 1") == [("Democrat",), ("Sherrod",)]
    people.run("DELETE FROM l WHERE l.name.last = 'Brown'")
    assert people.value("SELECT count(*) FROM l") == 0


def test_qualified_columns_are_no_navigation(people: Client, schema: str) -> None:
    """schema.table.column keeps its meaning."""
    assert people.run(f"SELECT {schema}.l.id FROM {schema}.l") == [(1,)]


def test_broken_json_is_refused(client: Client) -> None:
    """JSON_PARSE of something else is an error, not a text."""
    assert client.refused("SELECT JSON_PARSE('{broken')").pgcode == "22P02"
