"""Read JSON objects of known keys, fast: their values stay the tokens that stand in the text."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from utilities.staging.text_arrays import EMPTY, NULL, text_array, text_scalar

_MISSING = msgspec.Raw(b"")
_NULL_TOKEN = text_scalar(b"null")

Tokens = list[msgspec.Raw]


class JsonReader:
    """Reads lines that hold objects with some or all of its keys.

    One C struct for each object, whose members point into the text; a dictionary for each object
    takes several times as long.
    """

    def __init__(self, keys: Sequence[str], *, is_strict: bool) -> None:
        """Look for keys; others are refused when it is strict, and else passed over."""
        self.keys = tuple(keys)
        self.is_strict = is_strict
        fields: list[tuple[str, Any, Any]] = [
            (f"f{position}", msgspec.Raw, msgspec.field(name=key, default=_MISSING))
            for position, key in enumerate(self.keys)
        ]
        record = msgspec.defstruct("Record", fields, forbid_unknown_fields=is_strict, gc=False)
        self._decode = msgspec.json.Decoder(record).decode_lines

    def read(self, lines: bytes) -> list[msgspec.Struct]:
        """Return the objects of some lines.

        Raises:
            msgspec.DecodeError: a line is no JSON object, or has another key.
        """
        return self._decode(lines)

    def tokens(self, records: Sequence[msgspec.Struct], key: str) -> Tokens:
        """Return the value of a key in each object: `null` for null, nothing where it is missing."""
        return list(map(attrgetter(f"f{self.keys.index(key)}"), records))


def token_array(tokens: Sequence[Any]) -> pa.Array:
    """Return tokens as text, nothing and null as nulls; no token is empty."""
    text = text_array(tokens)
    is_null = pc.or_(pc.equal(text, EMPTY), pc.equal(text, _NULL_TOKEN))
    return pc.if_else(is_null, NULL, text)


def compact_tokens(tokens: Tokens) -> Tokens:
    """Return valid tokens without blanks in nested values, nothing as null."""
    array = msgspec.json.format(b"[" + b",".join(t or b"null" for t in tokens) + b"]", indent=-1)
    return msgspec.json.decode(array, type=list[msgspec.Raw])


def is_compact(lines: bytes) -> bool:
    """Say whether objects are written without blanks, as far as a quick look tells."""
    return b'": ' not in lines and b'" :' not in lines


def compact(lines: bytes) -> bytes:
    """Return valid lines without the blanks between tokens."""
    if is_compact(lines):
        return lines
    array = msgspec.json.format(b"[" + lines.replace(b"\n", b",") + b"]", indent=-1)
    return b"\n".join(msgspec.json.decode(array, type=list[msgspec.Raw]))
