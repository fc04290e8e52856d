"""Query strings are cut into statements, and statements into tokens, without losing a byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.local.redshift.reading import (
    LONG_STATEMENT,
    first_words,
    outline,
    split,
    tokens,
)

PIECE = st.sampled_from(
    [
        "select 1", "'a;b'", "'it''s'", "E'a\\';b'", '"x;""y"', "$$a;b$$", "$t$;$$;$t$", "/* ; /* ; */ ; */",
        "-- ;\n", " ", "\n", "a.b", "$1", "1.5e3", "::varchar", "(", ")", "ü", "#tmp", "e", "a$b",
    ]
)  # fmt: skip


@given(st.lists(st.lists(PIECE, min_size=1).map(" ".join), min_size=1, max_size=5))
def test_semicolons_inside_of_anything_do_not_cut(parts: list[str]) -> None:
    """Statements put together with semicolons are found again; empty ones are left out."""
    kept = [part for part in parts if tokens(part)]
    found = [part for part in split(";".join(parts)) if tokens(part)]
    assert [part.strip() for part in found] == [part.strip() for part in kept]


@given(st.text(max_size=200))
def test_anything_can_be_read(text: str) -> None:
    """No text breaks the reader, and each token stands where it says."""
    split(text)
    first_words(text)
    for token in tokens(text):
        assert text[token.start : token.end] == token.raw


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1", ("SELECT", "")),
        ("  -- c\n /* x */ ((SELECT a", ("SELECT", "A")),
        ("create TABLE x", ("CREATE", "TABLE")),
        ("", ("", "")),
        ("'text'", ("", "")),
    ],
)
def test_first_words(sql: str, words: tuple[str, str]) -> None:
    """Comments, blanks and brackets before the first word do not count."""
    assert first_words(sql) == words


def test_tokens_of_a_statement() -> None:
    """Names, texts, numbers, parameters and symbols are told apart."""
    found = tokens("""SELECT a."B""c", E'x\\'y', 1.5, $1, x::int FROM #t -- end""")
    assert [(token.kind, token.raw) for token in found if token.raw not in ".,"] == [
        ("word", "SELECT"),
        ("word", "a"),
        ("quoted", '"B""c"'),
        ("text", "E'x\\'y'"),
        ("number", "1.5"),
        ("parameter", "$1"),
        ("word", "x"),
        ("symbol", "::"),
        ("word", "int"),
        ("word", "FROM"),
        ("word", "#t"),
    ]
    assert found[3].name == 'B"c'


@settings(max_examples=20, deadline=None)
@given(st.lists(PIECE, max_size=30))
def test_a_long_statement_is_searched_without_its_texts(pieces: list[str]) -> None:
    """Every name stays in its outline, and so does a semicolon between statements."""
    rows = ", ".join(["(1, 'x;y', -2.5)"] * (LONG_STATEMENT // 10))
    sql = f"INSERT INTO t VALUES {rows} {' '.join(pieces)} ; END"
    searched = outline(sql)
    kept = {token.raw for token in tokens(searched) if token.is_name}
    assert {token.raw for token in tokens(sql) if token.is_name} <= kept
    assert ";" in searched


def test_texts_of_a_long_statement_are_left_out() -> None:
    """What stands in them is not mistaken for a function or the end of a statement."""
    sql = "INSERT INTO t VALUES " + ", ".join(["('sysdate; \"X\"', 1, NULL)"] * 5000)
    assert "sysdate" not in outline(sql)
    assert split(sql) == [sql]
