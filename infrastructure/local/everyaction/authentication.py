"""Who may use the API: Basic authentication, the password being `KEY|MODE`.

Source: https://docs.everyaction.com/reference/authentication: any application name, the API key,
a bar, and 0 for My Voters or 1 for My Campaign.
"""

import base64
import hmac

from infrastructure.local.everyaction.exchange import Refusal

MODES = {"0": 0, "1": 1}


def database_mode(header: str | None, key: str) -> int:
    """Return the database mode of a request that may be answered.

    Raises:
        Refusal: no credentials, malformed ones, or another key.
    """
    scheme, _, encoded = (header or "").partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        raise _unauthorized() from None
    _, _, password = text.partition(":")
    found, _, mode = password.rpartition("|")
    is_known = hmac.compare_digest(found.encode(), key.encode())
    if scheme.lower() != "basic" or not is_known or mode not in MODES:
        raise _unauthorized()
    return MODES[mode]


def _unauthorized() -> Refusal:
    return Refusal(
        401,
        "UNAUTHORIZED",
        "The API key is unknown, or it may not use this database mode",
        WWW_Authenticate='Basic realm="api.securevan.com"',
    )
