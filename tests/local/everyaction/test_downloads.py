"""A file behind a link comes to S3 whole, once, or not at all."""

import random
import tracemalloc

import pytest

from tests.local.warehouse import settings
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, Drop, ScriptedServer, Step
from utilities.errors import (
    ApiRefused,
    ApiUnavailable,
    ExportIncomplete,
    LinkExpired,
    SourceNotFound,
)
from utilities.everyaction import Patience, download
from utilities.objects import ObjectStore
from utilities.settings import Settings

__all__ = ["settings"]

SIGNATURE = "sig=planted-signature"
CONTENT = b"\xef\xbb\xbfVanID,FirstName\r\n1,Ada\r\n"


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    """The stack's S3."""
    return ObjectStore(settings)


@pytest.fixture
def patience(time: ManualTime) -> Patience:
    """Three attempts, without waiting."""
    return Patience(attempts=3, now=time.now, sleep=time.sleep)


def read(store: ObjectStore, uri: str) -> bytes:
    """Return an object."""
    with store.open(uri) as file:
        return file.read()


def test_a_file_arrives_byte_by_byte(
    api: ScriptedServer, store: ObjectStore, bucket_prefix: str
) -> None:
    """What is on S3 is what the link gave, with its mark at the start, and its size is returned."""
    api.script(Answer(200, CONTENT))
    uri = f"{bucket_prefix}1.csv"
    assert download(f"{api.url}1.csv?{SIGNATURE}", uri, store) == len(CONTENT)
    assert read(store, uri) == CONTENT


def test_no_credentials_go_with_it(
    api: ScriptedServer, store: ObjectStore, bucket_prefix: str
) -> None:
    """Blob stores refuse requests that have both a signature and an Authorization header."""
    download(f"{api.url}1.csv?{SIGNATURE}", f"{bucket_prefix}1.csv", store)
    assert "Authorization" not in api.seen[0].headers


def test_a_large_file_needs_little_memory(
    api: ScriptedServer, store: ObjectStore, bucket_prefix: str
) -> None:
    """A file of many parts is never in memory as a whole."""
    content = random.Random(1).randbytes(60 << 20)
    api.script(Answer(200, content))
    uri = f"{bucket_prefix}large.csv"
    tracemalloc.start()
    try:
        assert download(f"{api.url}large.csv", uri, store) == len(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 45 << 20
    assert store.size(uri) == len(content)


@pytest.mark.parametrize(
    "trouble", [Drop(), Answer(500), Answer(503), Answer(200, CONTENT, claimed_bytes=9999)]
)
def test_a_passing_trouble_is_overcome(
    trouble: Step, api: ScriptedServer, store: ObjectStore, bucket_prefix: str, patience: Patience
) -> None:
    """A download that breaks off is begun again from the start."""
    api.script(trouble, Answer(200, CONTENT))
    uri = f"{bucket_prefix}1.csv"
    assert download(f"{api.url}1.csv", uri, store, patience) == len(CONTENT)
    assert read(store, uri) == CONTENT


@pytest.mark.parametrize("size", [100, 20 << 20])
def test_a_truncated_file_is_not_written(
    size: int, api: ScriptedServer, store: ObjectStore, bucket_prefix: str, patience: Patience
) -> None:
    """A file that ends before its end each time leaves nothing on S3, small or in parts."""
    api.script(*[Answer(200, b"x" * size, claimed_bytes=size + 1)] * 3)
    uri = f"{bucket_prefix}1.csv"
    with pytest.raises(ExportIncomplete, match="broke off before its end"):
        download(f"{api.url}1.csv?{SIGNATURE}", uri, store, patience)
    with pytest.raises(SourceNotFound):
        store.size(uri)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(403), LinkExpired),
        (Answer(404), LinkExpired),
        (Answer(410), LinkExpired),
        (Answer(400), ApiRefused),
        (Answer(302, headers={"Location": "/v4/elsewhere"}), None),
    ],
    ids=["403", "404", "410", "400", "302"],
)
def test_a_refusal_is_not_asked_twice(
    answer: Answer,
    error: type[Exception] | None,
    api: ScriptedServer,
    store: ObjectStore,
    bucket_prefix: str,
) -> None:
    """An expired link is told apart from other refusals; a redirect of a blob store is followed."""
    api.script(answer)
    if error is None:
        assert download(f"{api.url}1.csv", f"{bucket_prefix}1.csv", store) == 2
        return
    with pytest.raises(error) as caught:
        download(f"{api.url}1.csv?{SIGNATURE}", f"{bucket_prefix}1.csv", store)
    assert SIGNATURE not in str(caught.value)
    assert f"{api.url}1.csv" in str(caught.value)
    assert len(api.seen) == 1


def test_a_server_that_stays_away_is_said_so(
    api: ScriptedServer, store: ObjectStore, bucket_prefix: str, patience: Patience
) -> None:
    """After a few attempts the error names the server, and no signature."""
    api.script(*[Answer(503)] * 3)
    with pytest.raises(ApiUnavailable, match="answered 503") as caught:
        download(f"{api.url}1.csv?{SIGNATURE}", f"{bucket_prefix}1.csv", store, patience)
    assert SIGNATURE not in str(caught.value)
    assert len(api.seen) == 3
