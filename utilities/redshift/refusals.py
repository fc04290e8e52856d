"""Turn what Redshift answers into errors that say what to do next, without any credential."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import psycopg2
from psycopg2 import errorcodes

from utilities.errors import (
    AccessDenied,
    FlowError,
    LoadRejected,
    StorageUnavailable,
    WarehouseUnavailable,
)
from utilities.redshift.access import handed_out
from utilities.settings import Settings

SERIALIZABLE_VIOLATION = 1023
"""Two transactions wrote what the other read.
https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html
"""

STORAGE_UNREACHABLE = {9001, 15001, 15005}
"""Redshift's numbers for "S3 did not answer": S3CurlException, and two of S3 Query Exception.
No document lists them; they are known from messages, such as those in
https://github.com/harrystech/arthur-redshift-etl/pull/134
"""

SHORTEST_SECRET = 4
"""Characters; a shorter value would be found in words that give nothing away."""

_NUMBERED = re.compile(r"(\d{3,5})\b")
_CODE_LINE = re.compile(r"^\s*code:\s*(\d+)\s*$", re.MULTILINE)
_CONTEXT_LINE = re.compile(r"^\s*context:[ \t]*(\S.*)$", re.MULTILINE)
_STORAGE_ANSWER = re.compile(r"S3ServiceException:.*,Status (\d{3}),Error (\w+)", re.DOTALL)
_LOST = {
    errorcodes.CONNECTION_EXCEPTION[:2],
    errorcodes.ADMIN_SHUTDOWN[:3],
    errorcodes.INSUFFICIENT_RESOURCES[:2],
}
_DISTURBED = {errorcodes.SERIALIZATION_FAILURE, errorcodes.DEADLOCK_DETECTED}


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
    if _redshift_number(error) == SERIALIZABLE_VIOLATION or code in _DISTURBED:
        return WarehouseUnavailable(
            f"{what}: another transaction changed the same rows at the same time ({said}). "
            "Run again."
        )
    if code == errorcodes.INSUFFICIENT_PRIVILEGE:
        return AccessDenied(
            f"{what}: Redshift refused: {said}. Grant {settings.redshift_username} what is missing."
        )
    if code == errorcodes.INTERNAL_ERROR and (failure := _storage_failure(error)):
        return _from_storage(what, failure, said)
    return LoadRejected(f"{what}: Redshift refused: {said}. Nothing was loaded.")


def _is_lost(error: psycopg2.Error, code: str) -> bool:
    if not code:
        return isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
    return is_passing(code)


def is_passing(code: str) -> bool:
    """Whether a SQLSTATE says that the server cannot serve anybody now, or has ended a session."""
    return code[:2] in _LOST or code[:3] in _LOST


def _storage_failure(error: psycopg2.Error) -> int | None:
    """Return the HTTP status behind a COPY or UNLOAD that failed at S3; None when it was not S3.

    Redshift puts all its own failures under XX000. What sets them apart are the number in the
    detail's box and, for an answer of S3, the status in Redshift's fixed form of it.
    """
    number = _CODE_LINE.search(error.diag.message_detail or "")
    if number and int(number[1]) in STORAGE_UNREACHABLE:
        return HTTPStatus.SERVICE_UNAVAILABLE
    answer = _STORAGE_ANSWER.match(error.diag.message_primary or "")
    return int(answer[1]) if answer else None


def _from_storage(what: str, status: int, said: str) -> FlowError:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return StorageUnavailable(
            f"{what}: S3 did not give Redshift the staged files ({said}). Run again later."
        )
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AccessDenied(
            f"{what}: S3 refused Redshift the staged files ({said}). Let REDSHIFT_IAM_ROLE, or the "
            "credentials in use, read S3_TEMP_BUCKET."
        )
    return LoadRejected(
        f"{what}: S3 refused Redshift the staged files ({said}). Nothing was loaded. "
        "Stage the batch again."
    )


def _redshift_number(error: psycopg2.Error) -> int | None:
    """Redshift's own error number stands at the start of the message."""
    match = _NUMBERED.match(error.diag.message_primary or "")
    return int(match[1]) if match else None


def _said(error: psycopg2.Error) -> str:
    primary, detail = error.diag.message_primary, error.diag.message_detail
    if detail and _CODE_LINE.search(detail):
        # Redshift's box repeats the message; only the context is new, when there is one.
        context = _CONTEXT_LINE.search(detail)
        detail = context[1] if context else None
    text = ". ".join(part.strip() for part in (primary, detail) if part) or str(error).strip()
    return " ".join(text.split()).rstrip(".")


def without_secrets(text: str, settings: Settings) -> str:
    """Return `text` with every credential replaced by three stars: those of `settings`, and those
    that went into statements."""
    secrets = [
        settings.redshift_password,
        settings.aws_secret_access_key,
        settings.aws_session_token,
    ]
    values = [secret.get_secret_value() for secret in secrets if secret]
    values += [settings.aws_access_key_id or "", *handed_out()]
    # The longest first: a short one may be a part of it.
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, "***")
    return text
