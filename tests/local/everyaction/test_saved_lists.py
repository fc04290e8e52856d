"""A saved list becomes a file on S3, whose ids are read one by one."""

from typing import Any

import pytest

from tests.local.everyaction.conftest import Connect
from tests.local.warehouse import settings
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, ScriptedServer
from utilities.errors import ApiRefused, ApiUnavailable, ExportIncomplete, FileUnreadable
from utilities.everyaction import call, connect
from utilities.everyaction.polling import Polling
from utilities.everyaction.saved_lists import export_list, read_ids
from utilities.objects import ObjectStore
from utilities.settings import Settings

__all__ = ["settings"]

LISTED = Answer(200, {"savedListId": 5, "name": "Volunteers", "listCount": 2})


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    """The stack's S3."""
    return ObjectStore(settings)


def job(status: str, **more: Any) -> Answer:
    """What the API says of an export job."""
    return Answer(200, {"exportJobId": 9, "status": status, "errorCode": None, **more})


def test_every_person_of_a_list_is_read(
    settings: Settings, store: ObjectStore, bucket_prefix: str
) -> None:
    """The ids in the file are as many as the list has, each once."""
    van = connect(settings, lambda: None)
    everyone = call(van, "GET", "savedLists")["items"][0]
    exported = export_list(van, everyone["savedListId"], bucket_prefix, store)
    ids = list(read_ids(exported.file, store))
    assert exported.name == everyone["name"]
    assert exported.file.startswith(bucket_prefix)
    assert exported.bytes == store.size(exported.file)
    assert len(set(ids)) == len(ids) == exported.listed == everyone["listCount"] > 0


def test_an_unknown_list_is_refused(
    settings: Settings, store: ObjectStore, bucket_prefix: str
) -> None:
    """The API's own reason arrives."""
    with pytest.raises(ApiRefused, match="savedLists/1 ?: refused .404"):
        export_list(connect(settings, lambda: None), 1, bucket_prefix, store)


def test_a_job_is_waited_for(
    api: ScriptedServer, van: Any, time: ManualTime, store: ObjectStore, bucket_prefix: str
) -> None:
    """A job that is not ready yet is asked for again, with growing pauses."""
    link = f"{api.url}file.csv"
    api.script(LISTED, job("Requested"), job("Requested"), job("Pending"), job("Pending"))
    api.script(job("Completed", downloadUrl=link), Answer(200, b"VanID\r\n7\r\n"))
    polling = Polling(now=time.now, sleep=time.sleep)
    exported = export_list(van, 5, bucket_prefix, store, polling=polling)
    assert list(read_ids(exported.file, store)) == [7]
    assert time.slept == [1.0, 1.5, 2.25]


def test_a_job_that_does_not_end_is_given_up(
    api: ScriptedServer, van: Any, time: ManualTime, store: ObjectStore, bucket_prefix: str
) -> None:
    """After the limit the error says how the job stood."""
    api.script(LISTED, job("Requested"), *[job("Pending")] * 50)
    polling = Polling(limit_seconds=60, now=time.now, sleep=time.sleep)
    with pytest.raises(ApiUnavailable, match="export job 9 is 'Pending' after 60 seconds"):
        export_list(van, 5, bucket_prefix, store, polling=polling)


def test_a_job_that_fails_has_a_code(
    api: ScriptedServer, van: Any, store: ObjectStore, bucket_prefix: str
) -> None:
    """The code is for EveryAction's support."""
    api.script(LISTED, job("Requested"), job("Error", errorCode="E-77"))
    with pytest.raises(ExportIncomplete, match="export job 9: Error .errorCode E-77"):
        export_list(van, 5, bucket_prefix, store)


def test_an_expired_link_is_exchanged(
    api: ScriptedServer, van: Any, store: ObjectStore, bucket_prefix: str
) -> None:
    """The job is asked for a new link, once."""
    done = job("Completed", downloadUrl=f"{api.url}file.csv")
    api.script(LISTED, done, done, Answer(403), done, Answer(200, b"vanid\n1\n2\n"))
    exported = export_list(van, 5, bucket_prefix, store)
    assert list(read_ids(exported.file, store)) == [1, 2]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b"VanID\r\n1\r\n2\r\n", [1, 2]),
        (b'\xef\xbb\xbfVANID,Name\n10,"a, \n b"\n20,c\n', [10, 20]),
        (b"Name,VanID \nx, 5\n", [5]),
        (b"VanID\n", []),
    ],
)
def test_ids_are_found_by_their_column(
    content: bytes, ids: list[int], store: ObjectStore, bucket_prefix: str
) -> None:
    """Wherever the column is, with a mark at the start, in any spelling of its case."""
    store.put(f"{bucket_prefix}list.csv", content)
    assert list(read_ids(f"{bucket_prefix}list.csv", store)) == ids


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column VanID; found an empty file"),
        (b"Name\nx\n", "no column VanID; found name"),
        (b"VanID\n12x\n", "line 2: VanID is '12x'"),
        (b"Name,VanID\nx\n", "line 2: VanID is ''"),
    ],
)
def test_a_file_without_ids_is_said_so(
    content: bytes, message: str, store: ObjectStore, bucket_prefix: str
) -> None:
    """Nobody is left out without a word."""
    store.put(f"{bucket_prefix}list.csv", content)
    with pytest.raises(FileUnreadable, match=message):
        list(read_ids(f"{bucket_prefix}list.csv", store))
