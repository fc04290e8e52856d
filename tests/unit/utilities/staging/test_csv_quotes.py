"""The quick look at quotes never passes what the exact reader refuses."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from utilities.staging.csv_quotes import QuoteWatch

PIECES = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "é", " "]), max_size=14)


def is_regular(content: bytes, chunk_bytes: int) -> bool:
    """Judge a file in chunks."""
    watch = QuoteWatch(",")
    chunks = [content[at : at + chunk_bytes] for at in range(0, len(content), chunk_bytes)]
    return all([watch.is_regular(chunk) for chunk in chunks]) and watch.is_closed()


def exact_rows(text: str) -> list[list[str]] | None:
    """Read strictly; None when the reader refuses."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None


@settings(max_examples=500)
@given(PIECES, st.integers(1, 9))
@example(['""', "a"], 1)
@example(['"', "a", '"', "a"], 3)
@example(["a", '"', "a"], 2)
def test_irregular_quotes_are_noticed(pieces: list[str], chunk_bytes: int) -> None:
    """Regular files are read by the strict reader, wherever chunks are cut, and writing what it
    read gives quotes in the same places."""
    text = "".join(pieces)
    if is_regular(text.encode(), chunk_bytes):
        rows = exact_rows(text)
        assert rows is not None
        assert sum(cell.count('"') for row in rows for cell in row) <= text.count('"') // 2


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.text('a,"\n\ré', max_size=6), min_size=1, max_size=3), max_size=5),
    st.integers(1, 9),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_well_passes(rows: list[list[str]], chunk_bytes: int, quoting: int) -> None:
    """Files written by the rules are never examined slowly, wherever chunks are cut."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    assert is_regular(text.getvalue().encode(), chunk_bytes)
