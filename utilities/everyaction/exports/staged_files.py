"""Stage the files of an export side by side, under one schema, and make one batch of them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from utilities.errors import SchemaMismatch
from utilities.everyaction.exports.columns import Found, find_columns
from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.staging import StageOptions, stage

AT_ONCE = 2

Update = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""


def stage_files(
    files: Sequence[tuple[str, int]],
    place: str,
    store: ObjectStore,
    kinds: Mapping[str, str],
    known: Mapping[str, str],
    key: str,
    update: Update,
) -> tuple[list[Staged], Found]:
    """Stage files whose columns are all the same; return a batch for each, and the schema.

    The first rows of each file suggest the types. When a later row does not fit, all rows are
    looked at, and the files are staged once more if that gives other types.

    Args:
        files: address and bytes of each, at least one.
        place: `s3://` prefix; each file gets a folder in it.
        store: reads and writes.
        kinds: name of a field to its kind.
        known: columns that the target table has already, name to Redshift type.
        key: column that identifies a row.
        update: progress.

    Raises:
        SchemaMismatch: a value does not fit the type that its column has in the table.
        KeyInvalid: a record has no key, or is twice in a file.
        FileUnreadable: a file is no CSV.
        SourceNotFound, AccessDenied, StorageUnavailable: the storage refuses.
    """
    addresses = [address for address, _ in files]
    found = find_columns(addresses, store, kinds, known)
    if found.without_type and not found.is_proven:
        found = find_columns(addresses, store, kinds, known, thorough=True)
    try:
        return _stage(files, place, store, _options(found, known, key), update), found
    except SchemaMismatch:
        if found.is_proven:
            raise
    found = find_columns(addresses, store, kinds, known, thorough=True)
    return _stage(files, place, store, _options(found, known, key), update), found


def _options(found: Found, known: Mapping[str, str], key: str) -> StageOptions:
    return StageOptions(
        declared=found.columns, known=known, schema_policy="discard", key=(key,), empty="stage"
    )


def _stage(
    files: Sequence[tuple[str, int]],
    place: str,
    store: ObjectStore,
    options: StageOptions,
    update: Update,
) -> list[Staged]:
    progress = _Progress(sum(size for _, size in files), update)

    def run(number: int) -> Staged:
        return stage(
            files[number][0],
            destination=f"{place}{number:05d}/",
            store=store,
            options=options,
            progress=lambda read, _: progress.update(number, read),
        )

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="staging") as pool:
        futures = [pool.submit(run, number) for number in range(len(files))]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()


class _Progress:
    """Adds up how far each file was read."""

    def __init__(self, total: int, update: Update) -> None:
        self._total, self._update = total, update
        self._read: dict[int, int] = {}
        self._lock = threading.Lock()

    def update(self, number: int, read: int) -> None:
        with self._lock:
            self._read[number] = read
            self._update(sum(self._read.values()), self._total)
