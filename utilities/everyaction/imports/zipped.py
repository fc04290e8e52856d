"""Write rows into a zipped CSV, in bounded memory, no larger than EveryAction takes."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from utilities.errors import ParameterInvalid

LIMIT_BYTES = 100_000_000
"""Of the zip file: https://docs.ngpvan.com/reference/bulkimportjobs"""

_CHECK_ROWS = 1_000


@dataclass(frozen=True)
class Zipped:
    """A zip file with one CSV in it.

    Attributes:
        file: open, at its start; deleted when it is closed.
        rows: without the header.
        bytes: of the zip file.
    """

    file: IO[bytes]
    rows: int
    bytes: int


def zip_rows(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], limit_bytes: int = LIMIT_BYTES
) -> Zipped:
    """Return a zip file on disk with the rows as a CSV, every value in quotes.

    Args:
        name: of the CSV in it.
        columns: its header.
        rows: its rows, as text.
        limit_bytes: the largest zip file that may come out.

    Raises:
        ParameterInvalid: it would be larger.
    """
    file = tempfile.TemporaryFile()
    try:
        count = _write(file, name, columns, rows, limit_bytes)
        size = file.seek(0, io.SEEK_END)
        _require_size(size, count, limit_bytes)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Zipped(file, count, size)


def _write(
    file: IO[bytes],
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    limit_bytes: int,
) -> int:
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w", force_zip64=True) as member:
            with io.TextIOWrapper(member, "utf-8", newline="") as text:
                writer = csv.writer(text, quoting=csv.QUOTE_ALL)
                writer.writerow(columns)
                for count, row in enumerate(rows, 1):
                    writer.writerow(row)
                    if count % _CHECK_ROWS == 0:
                        _require_size(file.tell(), count, limit_bytes)
    return count


def _require_size(size: int, rows: int, limit_bytes: int) -> None:
    if size > limit_bytes:
        raise ParameterInvalid(
            f"the first {rows:,} rows make a zip file of {size:,} bytes; EveryAction takes at most "
            f"{limit_bytes:,}. Nothing was sent. Import in several parts, each with fewer rows."
        )
