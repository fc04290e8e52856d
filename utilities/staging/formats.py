"""What a source file is, told by its name: format and compression."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from utilities.errors import ParameterInvalid


class Format(StrEnum):
    """How rows are written in a file."""

    CSV = "CSV"
    JSON_LINES = "JSON lines"
    PARQUET = "Parquet"


class Compression(StrEnum):
    """How the bytes of a file are packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


@dataclass(frozen=True)
class FileKind:
    """Format, compression and, for CSV, the delimiter of a file."""

    format: Format
    compression: Compression = Compression.NONE
    delimiter: str = ","


_COMPRESSIONS = {".gz": Compression.GZIP, ".zst": Compression.ZSTD}
_KINDS = {
    ".csv": FileKind(Format.CSV),
    ".tsv": FileKind(Format.CSV, delimiter="\t"),
    ".jsonl": FileKind(Format.JSON_LINES),
    ".ndjson": FileKind(Format.JSON_LINES),
    ".json": FileKind(Format.JSON_LINES),
    ".parquet": FileKind(Format.PARQUET),
}


def file_kind(source: str) -> FileKind:
    """Return what a file is, by the end of its name.

    Raises:
        ParameterInvalid: the name ends in nothing that can be read.
    """
    path = PurePosixPath(source.lower())
    compression = _COMPRESSIONS.get(path.suffix, Compression.NONE)
    if compression is not Compression.NONE:
        path = path.with_suffix("")
    kind = _KINDS.get(path.suffix)
    if kind is None:
        raise ParameterInvalid(
            f"{source}: the format is not known from the name. Expected a name that ends in "
            f"{', '.join(_KINDS)}, optionally followed by {' or '.join(_COMPRESSIONS)}. "
            "Rename the file."
        )
    return FileKind(kind.format, compression, kind.delimiter)
