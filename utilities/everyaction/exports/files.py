"""Download the files of a finished job to S3: each once, several at a time."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from utilities.errors import ExportIncomplete, LinkExpired, SourceNotFound
from utilities.everyaction import download
from utilities.everyaction.exports.jobs import FinishedJob
from utilities.objects import ObjectStore

AT_ONCE = 3

Update = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""


def fetch_files(
    job: FinishedJob,
    renew: Callable[[], FinishedJob],
    folder: str,
    store: ObjectStore,
    update: Update,
) -> tuple[tuple[str, int], ...]:
    """Have every file of a job on S3, as it came, and return address and bytes of each.

    Args:
        job: whose files are ready.
        renew: looks at the job again, for links that are valid.
        folder: `s3://` prefix for this job alone; files that are there already are whole.
        store: writes and looks.
        update: progress; the bytes in all are reckoned from the files that are there.

    Raises:
        ExportIncomplete: a file breaks off again and again, or its link has expired though it
            is new.
        ApiUnavailable, StorageUnavailable: no answer.
    """
    try:
        return _fetch(job, folder, store, update)
    except LinkExpired:
        job = renew()
    try:
        return _fetch(job, folder, store, update)
    except LinkExpired as error:
        raise ExportIncomplete(
            f"export job {job.id}: its links have expired, also those just given: {error} "
            "Nothing was loaded. Run again: a new job is asked for."
        ) from None


def _fetch(
    job: FinishedJob, folder: str, store: ObjectStore, update: Update
) -> tuple[tuple[str, int], ...]:
    targets = [f"{folder}{name}" for name in _names(job.urls)]
    there = _sizes(folder, store)
    done = _Bytes(len(targets), update)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="downloads")
    try:
        futures = [
            pool.submit(_have, url, target, there.get(target), store, done)
            for url, target in zip(job.urls, targets, strict=True)
        ]
        wait(futures, return_when=FIRST_EXCEPTION)
        for future in futures:
            if future.done() and (error := future.exception()) is not None:
                raise error
        return tuple((target, future.result()) for target, future in zip(targets, futures))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _have(url: str, target: str, known: int | None, store: ObjectStore, done: "_Bytes") -> int:
    size = known if known is not None else download(url, target, store)
    done.add(size)
    return size


def _names(urls: Sequence[str]) -> list[str]:
    """Return a name for each file, which stays the same when its link is signed again."""
    paths = [urlsplit(url).path for url in urls]
    known_by = paths if len(set(paths)) == len(paths) else urls
    return [f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.csv" for text in known_by]


def _sizes(folder: str, store: ObjectStore) -> dict[str, int]:
    try:
        return {file.uri: file.bytes for file in store.find(folder)}
    except SourceNotFound:
        return {}


class _Bytes:
    """Counts what is there, and reckons from it what will be there in the end."""

    def __init__(self, files: int, update: Update) -> None:
        self._files, self._update = files, update
        self._sizes: list[int] = []
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self._sizes.append(size)
            done = sum(self._sizes)
            self._update(done, done * self._files // len(self._sizes))
