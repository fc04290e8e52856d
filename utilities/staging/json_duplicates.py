"""Notice a key that stands twice in one JSON object, where readers silently keep the last."""

import json
from collections.abc import Mapping

import msgspec

_Pairs = list[tuple[str, object]]

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def has_each_key_once(line: bytes, members: Mapping[str, bytes]) -> bool:
    """Say whether no object of a line has a key twice; False means that it has to be looked at.

    A repeated key makes a text longer than what is read from it needs. So do blanks and escapes.

    Args:
        line: a JSON object.
        members: what was read from it, the values as tokens.
    """
    # Around each key stand two quotes, a colon, and a comma or a brace.
    shortest = len("".join(members).encode()) + sum(map(len, members.values())) + 4 * len(members)
    if members and len(line) != shortest + 1:
        return False
    if line.count(b'":') <= len(members):
        return True
    nested = (token for token in members.values() if token[0] in b"{[")
    return all(len(_encode(_decode(token))) == len(token) for token in nested)


def repeated_key(line: bytes) -> str | None:
    """Return a key that stands more than once in one object of a line, at any depth."""
    found: list[str] = []

    def look(pairs: _Pairs) -> None:
        keys = [key for key, _ in pairs]
        found.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)

    json.loads(line, object_pairs_hook=look)
    return found[0] if found else None
