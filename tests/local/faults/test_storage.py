"""S3 that is busy, slow, silent or breaks off: the right bytes, or an error that says "try again"."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults import Answer, Call, Cut, Fault, Stall, StorageProxy, Trickle, storage_proxy
from tests.local.faults.jobs import SHORT_PATIENCE
from utilities.errors import AccessDenied, StorageUnavailable
from utilities.objects import ObjectStore
from utilities.settings import Settings

BODY = bytes(range(256)) * 12_000
"""Three times what is read ahead."""

BUSY = [Answer(500, "InternalError"), Answer(503, "SlowDown"), Answer(503, "ServiceUnavailable")]

Through = Callable[[Callable[[Call], Fault | None]], tuple[ObjectStore, StorageProxy]]


@pytest.fixture
def uri(settings: Settings, bucket_prefix: str) -> str:
    """An object on S3."""
    uri = bucket_prefix + "object.bin"
    ObjectStore(settings).put(uri, BODY)
    return uri


@pytest.fixture
def through(settings: Settings) -> Iterator[Through]:
    """Return a function that gives a store whose requests fail as a rule says."""
    opened = []

    def run(rule: Callable[[Call], Fault | None]) -> tuple[ObjectStore, StorageProxy]:
        assert settings.aws_endpoint_url
        context = storage_proxy(settings.aws_endpoint_url, rule)
        proxy = context.__enter__()
        opened.append(context)
        return ObjectStore(proxy.settings(settings), SHORT_PATIENCE), proxy

    yield run
    for context in opened:
        context.__exit__(None, None, None)


def first(method: str, fault: Fault) -> Callable[[Call], Fault | None]:
    """A rule: the first request of this method fails."""
    return lambda call: fault if call.method == method and call.number == 1 else None


def every(method: str, fault: Fault) -> Callable[[Call], Fault | None]:
    """A rule: all requests of this method fail."""
    return lambda call: fault if call.method == method else None


@pytest.mark.parametrize(
    "fault",
    [Cut(0), Cut(1), Cut(len(BODY) // 2), Cut(len(BODY) - 1), Stall(), Trickle(), *BUSY],
    ids=str,
)
def test_a_body_is_whole_when_its_first_answer_was_not(
    through: Through, uri: str, fault: Fault
) -> None:
    """Cut off anywhere, silent, slow, or an error first: the same bytes as without."""
    store, proxy = through(first("GET", fault))
    with store.open(uri) as file:
        assert file.read() == BODY
    assert len(proxy.faults) == 1


def test_a_body_that_breaks_off_again_and_again_is_put_together(through: Through, uri: str) -> None:
    """Each answer brings a part of it, which is progress."""
    store, proxy = through(every("GET", Cut(len(BODY) // 7)))
    with store.open(uri) as file:
        assert file.read() == BODY
    assert len(proxy.calls) > 7


@pytest.mark.parametrize("fault", [Cut(0), Stall(), *BUSY], ids=str)
def test_a_body_that_does_not_come_is_an_error(through: Through, uri: str, fault: Fault) -> None:
    """Never fewer bytes: after a bounded number of answers the reader is told to try again."""
    store, proxy = through(every("GET", fault))
    with pytest.raises(StorageUnavailable, match=r"object\.bin: S3('s| answered) .*Run again"):
        with store.open(uri) as file:
            file.read()
    assert len(proxy.calls) <= SHORT_PATIENCE.attempts


def test_an_object_replaced_between_two_answers_is_an_error(
    through: Through, settings: Settings, uri: str
) -> None:
    """The beginning of one file and the end of another are never read as one."""

    def rule(call: Call) -> Fault | None:
        if call.method == "GET" and call.number == 2:
            ObjectStore(settings).put(uri, BODY[::-1])
        return Cut(100_000) if call.number == 1 else None

    store, _ = through(rule)
    with pytest.raises(StorageUnavailable, match="was replaced while it was being read"):
        with store.open(uri) as file:
            file.read()


@pytest.mark.parametrize("method", ["PUT", "HEAD", "POST", "GET"])
def test_a_busy_server_is_asked_again(through: Through, bucket_prefix: str, method: str) -> None:
    """Writing, sizes, deleting and listing go through when the second answer is a good one."""
    store, proxy = through(first(method, Answer(503, "ServiceUnavailable")))
    uri = bucket_prefix + "busy"
    store.put(uri, b"four")
    assert store.size(uri) == 4
    assert [file.uri for file in store.find(bucket_prefix)] == [uri]
    store.empty(bucket_prefix)
    assert len(proxy.faults) == 1


@pytest.mark.parametrize("fault", [*BUSY, Cut(10)], ids=str)
def test_a_server_that_stays_busy_is_an_error_that_passes(
    through: Through, bucket_prefix: str, fault: Fault
) -> None:
    """Also a list of objects that breaks off, which must not look like a short list."""
    store, proxy = through(every("GET", fault))
    with pytest.raises(StorageUnavailable, match=bucket_prefix):
        store.find(bucket_prefix)
    assert 1 <= len(proxy.calls) <= SHORT_PATIENCE.attempts


def test_an_object_that_was_not_deleted_is_told(through: Through, bucket_prefix: str) -> None:
    """S3 answers 200 to the deletion of several objects, and names inside those that remain."""
    answer = "<DeleteResult><Error><Key>kept</Key><Code>AccessDenied</Code></Error></DeleteResult>"
    store, _ = through(every("POST", Answer(200, "", answer)))
    with pytest.raises(AccessDenied, match="kept: S3 refused DeleteObjects with AccessDenied"):
        store.delete([bucket_prefix + "kept"])
