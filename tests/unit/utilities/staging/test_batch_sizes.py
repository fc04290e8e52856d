"""Rows are taken by their bytes: few at once when they are long, however they are mixed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from utilities.staging.batch_sizes import BATCH_BYTES, encoded_bytes, gathered
from utilities.staging.byte_streams import Tally
from utilities.staging.frame_rows import FrameRows
from utilities.staging.json_pages import JsonPages, PagedJson
from utilities.staging.names import Naming
from utilities.staging.record_rows import ROWS_AT_ONCE, RecordRows

LONG = 100_000
HUGE = 5_000_000


def sizes(records: Any) -> list[tuple[int, int]]:
    """Return rows and texts' bytes of each group."""
    groups = list(gathered(records, ROWS_AT_ONCE))
    assert [size for _, size in groups] == [
        pytest.approx(sum(map(encoded_bytes, ([one] for one in group))), rel=0.1, abs=4096)
        for group, _ in groups
    ]
    return [(len(group), size) for group, size in groups]


def test_short_records_are_taken_by_the_thousand() -> None:
    """Their number is what ends a group, and the last group has the rest."""
    records = ({"id": number, "name": "x" * 20} for number in range(12_000))
    assert [rows for rows, _ in sizes(records)] == [5_000, 5_000, 2_000]


def test_long_records_are_taken_by_their_bytes() -> None:
    """Of records with 100 KB no group has more than it should, nor far less; none is lost."""
    found = sizes({"id": number, "text": "x" * LONG} for number in range(400))
    assert sum(rows for rows, _ in found) == 400
    assert all(BATCH_BYTES <= size <= BATCH_BYTES + 2 * LONG for _, size in found[:-1])


def test_no_more_is_taken_than_a_group_needs() -> None:
    """A source that makes its records while they are read is not read ahead by their number."""
    taken = []

    def records() -> Iterator[dict[str, Any]]:
        for number in range(50_000):
            taken.append(number)
            yield {"text": "x" * LONG}

    next(gathered(records(), ROWS_AT_ONCE))
    assert len(taken) < 50


@pytest.mark.parametrize("distance", [64, 100, 128, 1_000, 1_001])
@pytest.mark.parametrize("nested", [True, False])
def test_a_few_huge_records_among_short_ones(nested: bool, distance: int) -> None:
    """Wherever the text is, and at whatever distances: of the first dozen one is noticed, and from
    then on a group ends with one or two."""
    text = "x" * HUGE
    huge: Any = {"page": {"body": [text]}} if nested else {"page": text}
    records = (huge if number % distance == 60 else {} for number in range(40 * distance))
    groups = [group for group, _ in gathered(records, ROWS_AT_ONCE)]
    counts = [sum(1 for record in group if record) for group in groups]
    assert sum(map(len, groups)) == 40 * distance
    assert sum(counts) == 40
    noticed = next(position for position, count in enumerate(counts) if count)
    assert sum(counts[: noticed + 2]) <= 12
    assert max(counts[noticed + 2 :]) <= 2


def test_records_that_grow() -> None:
    """After thousands of short ones, what is taken before their size is noticed is bounded."""
    records = [{"text": "x"}] * 4_000 + [{"text": "x" * LONG}] * 1_000
    found = sizes(records)
    assert max(size for _, size in found) < 128 * (LONG + 100)
    assert all(size < 1.5 * BATCH_BYTES for _, size in found[2:])


@pytest.mark.parametrize(
    "value", [2**70, "\ud800", Decimal("1.5"), {1, 2}, object(), ("a", 1), 7, pd.NaT]
)
def test_any_value_has_a_size(value: object) -> None:
    """What cannot be staged is judged later: its size is no reason to stop."""
    assert encoded_bytes([{"a": value, "b": "x" * 1_000}]) > 1_000
    assert encoded_bytes([value]) > 0


def test_columns_that_few_records_have_count() -> None:
    """As Arrow data each column takes room in every row."""
    naming = Naming()
    for number in range(200):
        naming.add(f"c{number}")
    rows = RecordRows("people", [{"c1": 1}] * 1_000, naming, is_kept=False)
    (batch,) = rows.batches()
    assert batch.nbytes == 1_000 * 200 * 40


@pytest.mark.parametrize("dtype", ["object", "str", "string[python]", "category"])
def test_a_frame_with_long_texts(dtype: str) -> None:
    """However pandas keeps the texts, no batch has many megabytes of them, and none is lost."""
    texts = [chr(65 + number % 26) * 60_000 for number in range(1_000)]
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=dtype)})
    rows = FrameRows(frame, Naming())
    batches = list(rows.batches())
    assert max(batch.nbytes for batch in batches) <= 2 * BATCH_BYTES
    assert sum(map(len, batches)) == 1_000
    cells = rows.cells(batches, "refuse")["text"]
    assert list(cells if isinstance(cells, list) else cells.to_pylist()) == texts


def test_a_large_page_of_json_is_divided() -> None:
    """A page of 20 MB is no batch of 20 MB; its records keep their order."""
    records = [b'{"id":%d,"text":"%s"}' % (n, b"x" * 1_000 * (n % 40)) for n in range(1_000)]
    pages = PagedJson("people", JsonPages([b"[" + b",".join(records) + b"]"]), is_kept=False)
    batches = list(pages.batches(Tally()))
    assert len(batches) > 2
    assert max(batch.nbytes for batch in batches) <= 2 * BATCH_BYTES
    assert b"\n".join(batch.lines for batch in batches) == b"\n".join(records)
    assert sum(map(len, batches)) == 1_000
