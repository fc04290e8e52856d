"""A line break inside of a value stays as it is, wherever the blocks of a file happen to end."""

import pytest

from tests.local.staging.conftest import Bench
from utilities.staging.byte_streams import CHUNK_BYTES

HEAD = "id,note\r\n"


@pytest.mark.parametrize("shift", [-1, 0, 1])
@pytest.mark.parametrize(
    ("opening", "ending", "last"),
    [('1,"', 'a\r\nb"\r\n2,x\r\n', "a\r\nb"), ("1,", "a\r\n2,x\r\n", "a")],
    ids=["in a value", "between rows"],
)
def test_a_break_on_the_border_of_a_block(
    bench: Bench, opening: str, ending: str, last: str, shift: int
) -> None:
    """Its two characters fall into different blocks: no character is lost, and no row."""
    row = "0," + "x" * 1_000 + "\r\n"
    room = CHUNK_BYTES - len(HEAD) - len(opening) - len("a\r") + shift
    rows = row * (room // len(row) - 1)
    filler = "y" * (room - len(rows))
    staged = bench.stage((HEAD + rows + opening + filler + ending).encode())
    notes = bench.read(staged).column("note").to_pylist()
    assert len(notes) == room // len(row) + 1
    assert notes[-2:] == [filler + last, "x"]
