"""Old objects on S3: what killed runs have left in the staging area, and results of runs.

Who leaves what: loads stage under `staging/<table>/<batch>/`, exports keep the note by which they
are resumed, and their files, under `staging/<table>/export/`, queries and saved lists have folders
of their own beside them, and bulk imports one each under `everyaction/imports/`. All are deleted by
the run that made them, unless it was killed; results of bulk imports stay for people to look at.

A folder belongs to one piece of work, and is judged by what was written there last: a resumed export
keeps its older files. The ledger needs none of them: a load has committed before its ledger row can
be seen, and what was not loaded is staged again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from utilities.errors import SettingsInvalid
from utilities.maintenance.freed import Freed
from utilities.objects import ObjectStore, StoredObject
from utilities.settings import Settings

STAGED = "files of loads and queries that did not end"
IMPORTED = "files of bulk imports"
RESULTS = "results of runs"

RESULTS_PREFIX = "results/"
"""Where the block for results puts them; the roles of runs end there too."""


@dataclass(frozen=True)
class _Place:
    """A prefix, and how many parts of a name below it make the folder of one piece of work."""

    what: str
    prefix: str
    depth: int


PLACES = (_Place(STAGED, "staging/", 2), _Place(IMPORTED, "everyaction/imports/", 1))


def free_staged(
    settings: Settings, store: ObjectStore, days: int, now: datetime, *, dry_run: bool
) -> list[Freed]:
    """Remove folders of the staging area in which nothing was written for some days.

    Raises:
        SourceNotFound, AccessDenied, StorageUnavailable: the bucket refuses or does not answer;
            what is removed by then stays removed.
    """
    return [
        _free_folders(place, settings.s3_temp_bucket, store, days, now, dry_run) for place in PLACES
    ]


def free_results(
    settings: Settings, store: ObjectStore, days: int, now: datetime, *, dry_run: bool
) -> Freed:
    """Remove results of runs that were written some days ago.

    A flow that looks for one of them in a cache finds that it is gone, and works it out again.

    Raises:
        SettingsInvalid: results lie in the bucket of staged files, which has rules of its own.
        SourceNotFound, AccessDenied, StorageUnavailable: as above.
    """
    bucket = settings.results_bucket
    if bucket is None:
        return Freed(RESULTS, "-", "objects", 0, 0, note="RESULTS_BUCKET is not set")
    if bucket == settings.s3_temp_bucket:
        raise SettingsInvalid(
            f"RESULTS_BUCKET: found {bucket!r}, which is S3_TEMP_BUCKET too; expected a bucket of "
            "its own, as results are kept longer. Nothing of it was removed."
        )
    place = f"s3://{bucket}/{RESULTS_PREFIX}"
    tally = _Tally()
    if days:
        before = now - timedelta(days=days)
        tally.remove(store, (f for f in store.objects(place) if f.modified < before), dry_run)
    return tally.as_freed(RESULTS, place, days, dry_run)


def _free_folders(
    place: _Place, bucket: str, store: ObjectStore, days: int, now: datetime, dry_run: bool
) -> Freed:
    start = f"s3://{bucket}/{place.prefix}"
    tally = _Tally()
    if days:
        before = now - timedelta(days=days)
        for folder in _old_folders(store, start, place.depth, before):
            # Listed once more, so that a folder need not be in memory, and so that nothing goes
            # that was written since.
            found = (
                file
                for file in store.objects(folder)
                if file.modified < before and _folder(file.uri, start, place.depth) == folder
            )
            tally.remove(store, found, dry_run)
    return tally.as_freed(place.what, start, days, dry_run)


def _old_folders(store: ObjectStore, start: str, depth: int, before: datetime) -> Iterator[str]:
    """Yield the folders whose every file was written before a time."""
    for folder, files in groupby(
        store.objects(start), key=lambda file: _folder(file.uri, start, depth)
    ):
        if max(file.modified for file in files) < before:
            yield folder


def _folder(uri: str, start: str, depth: int) -> str:
    """Return the folder of the piece of work that a file belongs to; of a lone file, the file."""
    parts = uri.removeprefix(start).split("/")
    if len(parts) <= depth:
        return uri
    return start + "/".join(parts[:depth]) + "/"


class _Tally:
    """Counts what is removed, or would be."""

    def __init__(self) -> None:
        self._count = 0
        self._bytes = 0

    def remove(self, store: ObjectStore, files: Iterable[StoredObject], dry_run: bool) -> None:
        uris = self._counted(files)
        if dry_run:
            for _ in uris:
                pass
        else:
            store.delete(uris)

    def _counted(self, files: Iterable[StoredObject]) -> Iterator[str]:
        for file in files:
            self._count += 1
            self._bytes += file.bytes
            yield file.uri

    def as_freed(self, what: str, where: str, days: int, dry_run: bool) -> Freed:
        note = "" if days else "kept for ever"
        return Freed(what, where, "objects", self._count, self._bytes, not dry_run, note)
