"""What Redshift answers to a query or a file of statements, as errors that say what to mend."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from utilities.errors import FlowError, LoadRejected, QueryRefused
from utilities.redshift.refusals import explained, without_secrets
from utilities.settings import Settings


@contextmanager
def answered(what: str, settings: Settings) -> Iterator[None]:
    """Raise this repository's errors for what Redshift answers inside the block.

    What is no matter of the statement (a lost connection, a conflict, a missing permission) is
    told as it is for loads.

    Args:
        what: the object the block works on; it begins every message.
        settings: whose secrets must not appear in a message.
    """
    try:
        yield
    except psycopg2.Error as error:
        raise _from_answer(what, error, settings) from None


def _from_answer(what: str, error: psycopg2.Error, settings: Settings) -> FlowError:
    try:
        with explained(what, settings):
            raise error
    except LoadRejected:
        code = f" ({error.pgcode})" if error.pgcode else ""
        said = without_secrets(_said(error), settings)
        return QueryRefused(f"{what}: Redshift refused{code}: {said}. Correct the statement.")
    except FlowError as told:
        return told


def _said(error: psycopg2.Error) -> str:
    parts = (error.diag.message_primary, error.diag.message_detail, error.diag.message_hint)
    text = ". ".join(part.strip().rstrip(".") for part in parts if part) or str(error).strip()
    return " ".join(text.split()).rstrip(".")
