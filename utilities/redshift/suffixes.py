"""Names made of another name and an ending, where both together may be too long."""

from hashlib import sha256

from utilities.references import IDENTIFIER_LIMIT_BYTES

_DIGEST_LENGTH = 8


def suffixed(name: str, suffix: str) -> str:
    """Return name and suffix as one legal name.

    A name too long for that is cut, and told apart from others by a digest of the whole.
    """
    whole = name + suffix
    if len(whole.encode()) <= IDENTIFIER_LIMIT_BYTES:
        return whole
    ending = f"_{sha256(name.encode()).hexdigest()[:_DIGEST_LENGTH]}{suffix}"
    room = IDENTIFIER_LIMIT_BYTES - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore") + ending
