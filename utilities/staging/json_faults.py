"""Read JSON objects one by one: for new keys, and to say which line is at fault."""

from collections.abc import Mapping

import msgspec

from utilities.staging.json_duplicates import repeated_key
from utilities.staging.misfit import Unreadable, shown

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read_objects(lines: bytes) -> dict[str, list[bytes]]:
    """Return the tokens of each key in lines of objects, nothing where a key is missing.

    Raises:
        Unreadable: a line is no JSON object, or has a key twice.
    """
    objects = [_read(row, line) for row, line in enumerate(lines.split(b"\n"))]
    keys = dict.fromkeys(key for read in objects for key in read)
    return {key: [read.get(key, b"") for read in objects] for key in keys}


def _read(row: int, line: bytes) -> Mapping[str, bytes]:
    try:
        line.decode()
        read = _decode(msgspec.json.format(line, indent=-1))
    except UnicodeDecodeError as error:
        raise Unreadable(
            row,
            line.decode(errors="replace"),
            f", byte {error.start + 1}: 0x{line[error.start]:02X} is not UTF-8",
            "Nothing was loaded. Save the file as UTF-8; this byte is common in Latin-1 and "
            "Windows-1252.",
        ) from None
    except msgspec.DecodeError as error:
        text = line.strip().decode()
        raise Unreadable(
            row,
            text,
            f" is not a JSON object: {shown(text)} ({error})",
            "Expected one object a line. Nothing was loaded. Correct the line.",
        ) from None
    key = repeated_key(line)
    if key is not None:
        raise Unreadable(
            row,
            line.decode(),
            f' has the key "{key}" twice in one object',
            "Expected each key once. Nothing was loaded. Remove one of them.",
        )
    return {key: bytes(raw) for key, raw in read.items()}
