"""Files of bulk imports: fetched, unpacked, read; and the files of results.

Source: https://docs.everyaction.com/reference/bulkimportjobs: a zipped file of commas, tabs or
bars; its columns are those of the request, in their order, whatever its header says.
"""

import csv
import io
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from typing import Any

from infrastructure.local.everyaction.exchange import list_of

LARGEST_BYTES = 100_000_000
FETCH_SECONDS = 30
DELIMITERS = {"csv": ",", "tab": "\t", "pipe": "|"}

# Whatever proxy the machine has: the file lies on this machine's S3.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ImportFailed(Exception):
    """A job as a whole cannot be carried out; the message says why."""


@dataclass(frozen=True)
class Source:
    """The file of a job, as its request describes it."""

    url: str
    name: str
    delimiter: str
    columns: tuple[str, ...]
    has_header: bool
    has_quotes: bool


def read_source(described: dict[str, Any]) -> Source:
    """Return the file that a request describes.

    Raises:
        ValueError: something is missing or unknown; the argument is the name of the property.
    """
    delimiter = str(described.get("columnDelimiter", "csv")).lower()
    url = str(described.get("sourceUrl") or "")
    columns = tuple(
        str(column.get("name")) if isinstance(column, dict) else ""
        for column in list_of(described, "columns")
    )
    if delimiter not in DELIMITERS:
        raise ValueError("columnDelimiter")
    if not url.startswith(("http://", "https://")):
        raise ValueError("sourceUrl")
    if not all(columns) or not columns:
        raise ValueError("columns")
    if not described.get("fileName"):
        raise ValueError("fileName")
    flags = (str(described.get(name)).lower() == "true" for name in ("hasHeader", "hasQuotes"))
    return Source(url, str(described["fileName"]), DELIMITERS[delimiter], columns, *flags)


def fetch_rows(source: Source) -> list[dict[str, str]]:
    """Download and read a file: each row by the names of the columns.

    Raises:
        ImportFailed: it cannot be fetched, unpacked or read.
    """
    try:
        with _OPENER.open(source.url, timeout=FETCH_SECONDS) as answer:
            packed = answer.read(LARGEST_BYTES + 1)
    except (urllib.error.URLError, OSError) as error:
        raise ImportFailed(f"The file could not be fetched: {type(error).__name__}") from None
    if len(packed) > LARGEST_BYTES:
        raise ImportFailed(f"The file is larger than {LARGEST_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            text = archive.read(source.name).decode("utf-8-sig")
    except zipfile.BadZipFile:
        raise ImportFailed("The file is no zip archive") from None
    except KeyError:
        raise ImportFailed(f"The archive has no file {source.name}") from None
    except UnicodeDecodeError:
        raise ImportFailed("The file is not UTF-8") from None
    lines = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=source.delimiter,
        quoting=csv.QUOTE_MINIMAL if source.has_quotes else csv.QUOTE_NONE,
    )
    rows = [row for row in lines if row][1 if source.has_header else 0 :]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(source.columns):
            raise ImportFailed(f"Row {number} has {len(row)} columns, not {len(source.columns)}")
    return [dict(zip(source.columns, row, strict=True)) for row in rows]
