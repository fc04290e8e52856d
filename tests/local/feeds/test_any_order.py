"""Whatever a publisher shows in whatever order, the table ends as it must."""

from collections.abc import Callable
from itertools import count
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.feeds.conftest import Reader
from tests.local.feeds.documents import atom
from tests.local.feeds.publisher import Publisher, Sent

Version = tuple[int, int]
"""Number of an entry, and the minute of its last change."""

NUMBERS = count()
VERSIONS = st.tuples(st.integers(0, 4), st.integers(0, 59))
RUNS = st.lists(st.lists(VERSIONS, max_size=6), min_size=1, max_size=4)


def document(versions: list[Version]) -> bytes:
    """Return a feed that shows these versions."""
    return atom(
        [
            (f"id{number}", f"{number} at {minute}", f"2026-11-21T10:{minute:02}:00Z")
            for number, minute in versions
        ]
    )


def newest(runs: list[list[Version]]) -> list[tuple[str, str]]:
    """Return the rows that there must be: of each entry the newest version ever seen."""
    seen: dict[int, int] = {}
    for number, minute in (version for run in runs for version in run):
        seen[number] = max(minute, seen.get(number, -1))
    return [(f"id{number}", f"{number} at {minute}") for number, minute in sorted(seen.items())]


@settings(max_examples=8, deadline=None)
@given(runs=RUNS, with_etag=st.booleans(), remembered=st.booleans())
def test_any_order_of_runs_ends_in_one_table(
    publisher: Publisher,
    new_reader: Callable[[str], Reader],
    runs: list[list[Version]],
    with_etag: bool,
    remembered: bool,
) -> None:
    """The newest version of every entry once, with and without validators, however often read."""
    reader = new_reader(f"any_order_{uuid4().hex[:12]}")
    path = f"/{next(NUMBERS)}"
    for run in runs:
        content = document(run)
        headers = {"ETag": f'"{hash(content)}"'} if with_etag else {}
        address = publisher.put(path, Sent(content, headers=headers))
        for _ in range(2):
            reader.run(address) if remembered else reader.load(address)
    expected = newest(runs)
    assert not expected or reader.rows() == expected
