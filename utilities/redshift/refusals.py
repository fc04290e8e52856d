"""Turn what Redshift answers into errors that say what to do next, without any credential."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import errorcodes

from utilities.errors import AccessDenied, FlowError, LoadRejected, WarehouseUnavailable
from utilities.settings import Settings

SERIALIZABLE_VIOLATION = 1023
"""Two transactions wrote what the other read.
https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
"""

_NUMBERED = re.compile(r"(\d{3,5})\b")
_LOST = {
    errorcodes.CONNECTION_EXCEPTION[:2],
    errorcodes.ADMIN_SHUTDOWN[:3],
    errorcodes.INSUFFICIENT_RESOURCES[:2],
}


@contextmanager
def explained(what: str, settings: Settings) -> Iterator[None]:
    """Raise this repository's errors for what Redshift answers inside the block.

    Args:
        what: the object the block works on; it begins every message.
        settings: whose secrets must not appear in a message.
    """
    try:
        yield
    except psycopg2.Error as error:
        raise _from_answer(what, error, settings) from None


def _from_answer(what: str, error: psycopg2.Error, settings: Settings) -> FlowError:
    code = error.pgcode or ""
    said = without_secrets(_said(error), settings)
    if _is_lost(error, code):
        return WarehouseUnavailable(
            f"{what}: the connection to Redshift was lost ({said}). Run again."
        )
    if (
        _redshift_number(error) == SERIALIZABLE_VIOLATION
        or code == errorcodes.SERIALIZATION_FAILURE
    ):
        return WarehouseUnavailable(
            f"{what}: another transaction changed the same rows at the same time ({said}). "
            "Run again."
        )
    if code == errorcodes.INSUFFICIENT_PRIVILEGE:
        return AccessDenied(
            f"{what}: Redshift refused: {said}. Grant {settings.redshift_username} what is missing."
        )
    return LoadRejected(f"{what}: Redshift refused: {said}. Nothing was loaded.")


def _is_lost(error: psycopg2.Error, code: str) -> bool:
    if not code:
        return isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
    return code[:2] in _LOST or code[:3] in _LOST


def _redshift_number(error: psycopg2.Error) -> int | None:
    """Redshift's own error number stands at the start of the message."""
    match = _NUMBERED.match(error.diag.message_primary or "")
    return int(match[1]) if match else None


def _said(error: psycopg2.Error) -> str:
    primary, detail = error.diag.message_primary, error.diag.message_detail
    text = ". ".join(part.strip() for part in (primary, detail) if part) or str(error).strip()
    return " ".join(text.split()).rstrip(".")


def without_secrets(text: str, settings: Settings) -> str:
    """Return `text` with every credential of `settings` replaced by three stars."""
    secrets = [
        settings.redshift_password,
        settings.aws_secret_access_key,
        settings.aws_session_token,
    ]
    values = [secret.get_secret_value() for secret in secrets if secret]
    for value in [*values, settings.aws_access_key_id or ""]:
        if len(value) >= 4:
            text = text.replace(value, "***")
    return text
