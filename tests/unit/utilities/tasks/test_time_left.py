"""How a duration reads."""

import pytest

from utilities.tasks.progress import time_left


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s left"),
        (59.4, "59 s left"),
        (59.6, "1 min 00 s left"),
        (754, "12 min 34 s left"),
        (3_599.9, "1 h 00 min left"),
        (7_500, "2 h 05 min left"),
    ],
)
def test_it_is_said_as_a_person_says_it(seconds: float, words: str) -> None:
    """Seconds, minutes, or hours."""
    assert time_left(seconds) == words
