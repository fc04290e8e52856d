"""What a query has to return, and what happens to rows that cannot be sent."""

from typing import Any

import pytest

from utilities.deliveries import Channel, Delivered, Target, Wanted, deliver, preview
from utilities.errors import KeyInvalid, ParameterInvalid, QueryRefused
from utilities.settings import Settings

CHANNEL = Channel(
    "test/queries",
    {"van_id": "BIGINT", "code_id": "BIGINT", "note": None},
    ("van_id", "code_id"),
    ("van_id", "code_id"),
)


def run(settings: Settings, query: str, *parameters: Any) -> tuple[Delivered, list[Any]]:
    """Deliver the rows of a query; return the counts and the rows that were sent."""
    sent: list[Any] = []
    target = Target(sent.append, None, "nothing")
    return deliver(CHANNEL, Wanted(query, parameters or None), target, settings), sent


def test_values_are_bound_and_equal_rows_are_one(settings: Settings) -> None:
    """The key is made of the values as numbers; a comment at the end does no harm."""
    query = """
        WITH rows (van_id, code_id) AS (SELECT '0007', %s UNION ALL SELECT '7', %s)
        SELECT DISTINCT van_id, code_id FROM rows; -- the end
    """
    delivered, sent = run(settings, query, 901, 901)
    assert sent == [{"van_id": 7, "code_id": 901}]
    assert (delivered.wanted, delivered.done) == (1, 1)


def test_rows_without_a_value_are_left_out_and_counted(settings: Settings) -> None:
    """A null in a column that is needed; a null in another one is sent as it is."""
    query = (
        "SELECT 1 AS van_id, 902 AS code_id, NULL AS note UNION ALL SELECT NULL, 902, 'a' "
        "UNION ALL SELECT 2, NULL, 'b'"
    )
    delivered, sent = run(settings, query)
    assert sent == [{"van_id": 1, "code_id": 902, "note": None}]
    assert (delivered.wanted, delivered.incomplete) == (1, 2)


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ("SELECT 1 AS van_id", ParameterInvalid, "returns van_id; expected van_id, code_id"),
        (
            "SELECT 1 AS van_id, 2 AS code_id, 3 AS x",
            ParameterInvalid,
            "returns van_id, code_id, x",
        ),
        ("SELECT 1 AS van_id, 2 AS code_id, 3 AS van_id", ParameterInvalid, "Name its columns"),
        ("SELECT 1 AS van_id; SELECT 2", ParameterInvalid, "found 2 statements"),
        ("SELECT van_id, code_id FROM no_such_table", QueryRefused, "no_such_table"),
        ("SELECT 'x' AS van_id, 1 AS code_id", QueryRefused, "test/queries"),
        (
            "SELECT 5 AS van_id, 903 AS code_id, 'a' AS note UNION ALL SELECT 5, 903, 'b'",
            KeyInvalid,
            "1 of 2 rows have the key of another row and other values, such as 5/903",
        ),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_before_anything_is_sent(
    settings: Settings, query: str, error: type[Exception], words: str
) -> None:
    """The message says what was found and what is expected."""
    with pytest.raises(error, match=words):
        run(settings, query)


def test_a_key_that_is_too_long_is_refused(settings: Settings) -> None:
    """A text as a key has to fit into its column."""
    kind = Channel("test/long", {"name": None}, ("name",), ("name",))
    target = Target(lambda row: None, None, "nothing")
    with pytest.raises(KeyInvalid, match="a key has 600 bytes, expected at most 512"):
        deliver(kind, Wanted("SELECT REPEAT('é', 300) AS name"), target, settings)


def test_a_preview_changes_nothing(settings: Settings) -> None:
    """Counts and the first items, as often as one likes."""
    wanted = Wanted("SELECT n AS van_id, 904 AS code_id FROM generate_series(1, 30) AS g (n)")
    for _ in range(2):
        found = preview(CHANNEL, wanted, settings)
        assert (found.counts.wanted, found.counts.open, found.counts.settled) == (30, 30, 0)
        assert found.first[0] == {"van_id": "1", "code_id": "904"}
        assert len(found.first) == 10


def test_a_lease_shorter_than_a_request_is_refused(settings: Settings) -> None:
    """Nothing could ever be sent in it."""
    target = Target(lambda row: None, None, "nothing", longest_seconds=300.0)
    with pytest.raises(ParameterInvalid, match="expected more than the 300 s"):
        deliver(CHANNEL, Wanted("SELECT 1 AS van_id, 2 AS code_id"), target, settings)
