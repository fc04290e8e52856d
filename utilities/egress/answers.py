"""What a service answers: an address alone, or in JSON under `ip`. Anything else is no answer."""

import ipaddress

import msgspec

ANSWER_LIMIT_BYTES = 1024
SHOWN_CHARACTERS = 40


class NoAddress(Exception):
    """The answer holds no address; the message says what it holds."""


class _Told(msgspec.Struct):
    ip: str


def read_address(answer: bytes) -> str:
    """Return the address that an answer tells, in its usual form.

    An IPv4 address that is written as an IPv6 one (`::ffff:203.0.113.7`) is that IPv4 address.

    Raises:
        NoAddress: it tells none, as a page of HTML does not.
    """
    if len(answer) > ANSWER_LIMIT_BYTES:
        raise NoAddress(
            f"answered with more than {ANSWER_LIMIT_BYTES:,} bytes, expected an address"
        )
    text = answer.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            text = msgspec.json.decode(text, type=_Told).ip.strip()
        except (msgspec.ValidationError, msgspec.DecodeError):
            raise NoAddress(f"answered {_shown(text)}, JSON without a text under 'ip'") from None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise NoAddress(f"answered {_shown(text)}, which is no address") from None
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        raise NoAddress(f"answered {address}, which no host can have")
    return str(address)


def _shown(text: str) -> str:
    shown = " ".join(text.split())
    return repr(shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}...")
