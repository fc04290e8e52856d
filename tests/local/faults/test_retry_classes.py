"""What waiting can cure is told from what a person has to mend, by what a server really answers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg2
import pytest

from infrastructure.local import postgres
from infrastructure.local.addresses import DATABASE
from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack
from utilities.errors import (
    AccessDenied,
    FlowError,
    LoadRejected,
    StorageUnavailable,
    TryAgain,
    WarehouseUnavailable,
)
from utilities.redshift.connection import connected
from utilities.redshift.refusals import explained
from utilities.settings import Settings

ANSWER = """
CREATE FUNCTION public.answer(state TEXT, message TEXT, detail TEXT) RETURNS INT LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail; END $$
"""
BOX = """
  -----------------------------------------------
  error:  as above
  code:      {}
  context:   S3 key being read : s3://bucket/key
  query:     15067689
  -----------------------------------------------"""


@dataclass(frozen=True)
class Said:
    """An error as Redshift sends it, and what it is to become."""

    state: str
    message: str
    becomes: type[FlowError]
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.state} {self.message[:30]}"


# The box: https://github.com/harrystech/arthur-redshift-etl/pull/134
SAID = [
    Said("XX000", "1023", WarehouseUnavailable, "Serializable isolation violation on table - 1"),
    Said("40001", "could not serialize access", WarehouseUnavailable),
    Said("40P01", "deadlock detected", WarehouseUnavailable),
    Said("57P01", "terminating connection due to administrator command", WarehouseUnavailable),
    Said("53300", "too many connections", WarehouseUnavailable),
    Said("XX000", "S3CurlException: timed out", StorageUnavailable, BOX.format(9001)),
    Said("XX000", "S3 Query Exception (Fetch)", StorageUnavailable, BOX.format(15001)),
    Said(
        "XX000",
        "S3ServiceException:Please reduce your request rate.,Status 503,Error SlowDown,Rid 1",
        StorageUnavailable,
        BOX.format(8001),
    ),
    Said(
        "XX000",
        "S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 1,CanRetry 1",
        AccessDenied,
        BOX.format(8001),
    ),
    Said(
        "XX000",
        "S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Rid 1",
        LoadRejected,
        BOX.format(8001),
    ),
    Said("XX000", "Spectrum Scan Error", LoadRejected, BOX.format(15007)),
    Said("XX000", "Load into table 't' failed. Check 'stl_load_errors'", LoadRejected),
    Said("42501", "permission denied for relation contacts", AccessDenied),
    Said("42601", 'syntax error at or near "1023"', LoadRejected),
    Said("23502", "Cannot insert a NULL value into column id", LoadRejected),
]


@pytest.fixture(scope="module")
def answering(stack: Stack) -> Iterator[None]:
    """A function in the warehouse that fails as it is told."""
    connection = psycopg2.connect(
        host=str(Folder(stack.root).sockets),
        port=postgres.SOCKET_PORT,
        user=postgres.SUPERUSER,
        dbname=DATABASE,
    )
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(ANSWER)
        yield
        cursor.execute("DROP FUNCTION public.answer")


@pytest.mark.parametrize("said", SAID, ids=str)
def test_an_answer_of_redshift_becomes_the_right_error(
    answering: None, settings: Settings, said: Said
) -> None:
    """1023, lost connections and an S3 that is busy or away are tried again; refusals are not. The
    object comes first in the message, and Redshift's own words follow."""
    with pytest.raises(FlowError) as caught:
        with connected(settings) as connection, explained("van.contacts", settings):
            with connection.cursor() as cursor:
                words = (said.state, said.message, said.detail)
                cursor.execute("SELECT public.answer(%s, %s, %s)", words)
    assert type(caught.value) is said.becomes
    assert isinstance(caught.value, TryAgain) == issubclass(said.becomes, TryAgain)
    assert str(caught.value).startswith("van.contacts: ")
    assert said.message.split(",")[0].rstrip(".") in str(caught.value)
    assert "-----" not in str(caught.value)


def test_nobody_listens(settings: Settings) -> None:
    """Connection refused: a cluster that is paused or restarting."""
    closed = settings.model_copy(update={"redshift_port": 9})
    with pytest.raises(WarehouseUnavailable, match="Redshift at 127.0.0.1:9 does not answer"):
        with connected(closed):
            pass
