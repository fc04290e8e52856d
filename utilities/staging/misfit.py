"""The signal that a value does not fit the type of its column, and the search for that value."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from utilities.references import VARCHAR_LIMIT_BYTES

SHOWN_CHARACTERS = 40


class Misfit(Exception):
    """A value does not fit a column's type without loss.

    Attributes:
        column: legal name of the column; set by the caller that knows it.
        row: zero-based row, first within the array, later within the file.
        value: the value as the source has it.
        reason: why no type of Redshift holds the value; empty when a wider type might.
    """

    def __init__(self, row: int, value: object, reason: str = "") -> None:
        super().__init__(f"row {row}: {value!r}")
        self.row = row
        self.value = value
        self.reason = reason
        self.column = ""


class Unreadable(Misfit):
    """A row cannot be read at all, so it has no column.

    Attributes:
        reason: what is wrong with it, as the rest of a sentence that begins with its place.
        expected: what was expected and what to do, as sentences.
    """

    def __init__(self, row: int, value: object, reason: str, expected: str) -> None:
        super().__init__(row, value, reason)
        self.expected = expected


def shown(value: object) -> str:
    """Return a value for a message: on one line, in quotes, shortened."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > SHOWN_CHARACTERS:
        text = text[: SHOWN_CHARACTERS - 3] + "..."
    return '"' + text.translate({10: "\\n", 13: "\\r", 0: "\\0"}) + '"'


def first_misfit(values: Any, fits: Callable[[Any], bool]) -> int:
    """Return the first row that does not fit, given that not all rows do.

    Args:
        values: array or list of which some slice does not fit.
        fits: says whether all values of a slice fit; it must judge each value by itself.
    """
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(values[low:middle]):
            low = middle
        else:
            high = middle
    return low


def all_misfits(values: Any, convert: Callable[[Any], object]) -> list[Misfit]:
    """Return a Misfit for every row that does not fit, in order.

    Args:
        values: array or list.
        convert: raises Misfit when a value of a slice does not fit; judges each by itself.
    """
    try:
        convert(values)
    except Misfit as misfit:
        if len(values) == 1:
            misfit.row = 0
            return [misfit]
        middle = len(values) // 2
        before = all_misfits(values[:middle], convert)
        after = all_misfits(values[middle:], convert)
        for later in after:
            later.row += middle
        return before + after
    return []


def refuse_nul(text: pa.Array) -> pa.Array:
    """Return text as it is.

    Raises:
        Misfit: a value has a NUL character, which no text of Redshift can hold.
    """
    data = text.buffers()[2]
    if data is None or b"\0" not in data.to_pybytes():
        return text
    # The memory may be shared with rows that are not in this slice.
    has_nul = pc.match_substring(text, "\0")
    if pc.any(has_nul).as_py():
        row = pc.index(has_nul, True).as_py()
        raise Misfit(row, text[row].as_py(), "has a NUL character; Redshift stores none in text")
    return text


def longest_bytes(text: pa.Array, width_bytes: int | None = None) -> int:
    """Return the length of the longest value in bytes, 0 when there is none.

    Args:
        text: values or null.
        width_bytes: greatest length that is allowed; None for that of Redshift's widest text.

    Raises:
        Misfit: a value is longer.
    """
    limit_bytes = width_bytes or VARCHAR_LIMIT_BYTES
    lengths = pc.binary_length(text)
    longest: int = pc.max(lengths).as_py() or 0
    if longest > limit_bytes:
        row = first_misfit(lengths, lambda part: (pc.max(part).as_py() or 0) <= limit_bytes)
        name = "a VARCHAR" if width_bytes is None else f"VARCHAR({width_bytes})"
        raise Misfit(
            row,
            text[row].as_py(),
            f"has {lengths[row].as_py():,} bytes, {name} holds {limit_bytes:,}",
        )
    return longest
