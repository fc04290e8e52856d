"""Notice a key that stands twice in one JSON object, where readers silently keep the last."""

import json
from collections.abc import Mapping, Sequence

import msgspec

_Pairs = list[tuple[str, object]]
_Tokens = Sequence[msgspec.Raw]

_decode = msgspec.json.Decoder(list[object]).decode
_encode = msgspec.json.Encoder().encode


def has_each_key_once(lines: bytes, columns: Mapping[str, _Tokens], rows: int) -> bool:
    """Say whether no object has a key twice; False means that it has to be looked at.

    A repeated key makes a text longer than what is read from it needs. So do blanks and escapes.

    Args:
        lines: JSON objects, one a line.
        columns: what was read from them: the tokens of each key, empty where it is missing.
        rows: how many objects there are.
    """
    shortest = 2 * rows + rows - 1  # braces and line ends
    is_empty_row = [True] * rows
    for key, tokens in columns.items():
        lengths = list(map(len, tokens))
        present = rows - lengths.count(0)
        # Around each key stand two quotes, a colon, and a comma where another key follows.
        shortest += sum(lengths) + present * (len(msgspec.json.encode(key)) + 2)
        if present == rows:
            is_empty_row = []
        elif is_empty_row:
            is_empty_row = [e and not n for e, n in zip(is_empty_row, lengths, strict=True)]
    commas = rows - sum(is_empty_row)
    return len(lines) == shortest - commas and all(map(has_nested_keys_once, columns.values()))


def has_nested_keys_once(tokens: _Tokens) -> bool:
    """Say whether no object inside the tokens has a key twice; False means: look at it."""
    nested = [token for token in map(bytes, tokens) if token[:1] in (b"{", b"[")]
    if not nested:
        return True
    text = b"[" + b",".join(nested) + b"]"
    return len(_encode(_decode(text))) == len(text)


def repeated_key(line: bytes) -> str | None:
    """Return a key that stands more than once in one object of a line, at any depth."""
    found: list[str] = []

    def look(pairs: _Pairs) -> None:
        keys = [key for key, _ in pairs]
        found.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)

    json.loads(line, object_pairs_hook=look, parse_int=str, parse_float=str)
    return found[0] if found else None
