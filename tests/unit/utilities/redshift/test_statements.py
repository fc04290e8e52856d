"""SQL text is divided into statements as Redshift divides it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilities.errors import ParameterInvalid
from utilities.redshift.reading.statements import single_statement, split_statements

PIECES = st.sampled_from(
    [
        "'a;b'",
        "'it''s; '' --'",
        "'back\\\\slash'",
        "'a quote \\'; escaped'",
        '"c;""d"',
        "$$ e; 'f $$",
        "$tag$ ; $$ ; $tag$",
        "/* ; ' */",
        "-- ; ' $$\n",
        "(1, f(2))",
        "%(name)s",
        "{schema}.{table}",
        "ü",
        "x[0].y::varchar",
        "\n",
    ]
)
WORDS = st.sampled_from(["SELECT", "insert into", "CALL", "SHOW", "EXPLAIN", "GRANT", "Comment on"])
STATEMENTS = st.lists(
    st.builds(
        lambda word, pieces: " ".join([word, *pieces, "1"]), WORDS, st.lists(PIECES, max_size=6)
    ),
    max_size=5,
)
BETWEEN = st.sampled_from([";", " ;\n", ";; ", "; -- it's; over\n", "/* ; */ ;"])


@given(STATEMENTS, BETWEEN)
def test_texts_come_apart_as_they_were_put_together(statements: list[str], between: str) -> None:
    """Quotes, dollar quotes, comments and escapes hide semicolons; the text is not changed."""
    found = split_statements(between.join([*statements, ""]), "a file")
    assert [statement.text for statement in found] == statements


def test_brackets_around_the_whole() -> None:
    """They are no part of a statement; brackets around its parts are, and text is no bracket."""
    found = split_statements(
        "((SELECT 1)); (SELECT 1) UNION (SELECT 2); (SELECT ')'); ()", "a file"
    )
    assert [one.text for one in found] == ["SELECT 1", "(SELECT 1) UNION (SELECT 2)", "SELECT ')'"]


def test_lines() -> None:
    """A statement begins on the line of its first word, not of its comment."""
    text = "-- one\n\nSELECT 'a\nb';/* two\n */ DELETE FROM t\n;\nCREATE PROCEDURE p() AS $$\n;$$"
    assert [(one.line, one.keyword) for one in split_statements(text, "a file")] == [
        (3, "SELECT"),
        (5, "DELETE"),
        (7, "CREATE"),
    ]


@pytest.mark.parametrize(
    ("text", "is_select", "is_ordered", "is_limited"),
    [
        ("SELECT a FROM t", True, False, False),
        ("with w as (select 1 order by 1 limit 2) select * from w", True, False, False),
        ("SELECT a FROM t ORDER  BY a", True, True, False),
        ("SELECT a FROM t ORDER /* not a limit */ BY a", True, True, False),
        ("SELECT a FROM t LIMIT 3", True, False, True),
        ("SELECT a FROM t order by a offset 3", True, True, True),
        ("SELECT TOP 5 a FROM t", True, False, True),
        ("SELECT DISTINCT TOP (%s) a FROM t", True, False, True),
        ("SELECT t.top, 'LIMIT', \"limit\" FROM t -- LIMIT 3", True, False, False),
        (
            "SELECT listagg(a) WITHIN GROUP (ORDER BY b) OVER (PARTITION BY c) FROM t",
            True,
            False,
            False,
        ),
        ("((SELECT a FROM t LIMIT 1))", True, False, True),
        ("(SELECT a FROM t LIMIT 1) UNION ALL (SELECT b FROM u ORDER BY b)", True, False, False),
        ("SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY 1", True, True, False),
        ("SHOW search_path", False, False, False),
        ("INSERT INTO t SELECT 1", False, False, False),
    ],
)
def test_what_a_statement_is(
    text: str, is_select: bool, is_ordered: bool, is_limited: bool
) -> None:
    """Only the outermost SELECT's order and limit count."""
    found = single_statement(text, "a query")
    assert (found.is_select, found.is_ordered, found.is_limited) == (
        is_select,
        is_ordered,
        is_limited,
    )


@pytest.mark.parametrize(
    "text", ["SELECT 'a", 'SELECT "a', "SELECT $$a", "/* open", "SELECT 'a\\'"]
)
def test_open_ends_are_told(text: str) -> None:
    """A quote or a comment without an end is refused, not guessed."""
    with pytest.raises(ParameterInvalid, match="a file: .* is not closed"):
        split_statements(text, "a file")
