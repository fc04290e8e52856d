"""Remember the jobs that were asked for, so that a run which died is followed by one that resumes.

The note is an object beside the staged files of the table, in one folder with everything that an
export leaves on S3: a load deletes the folder after its commit.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from utilities.errors import SourceNotFound
from utilities.everyaction.exports.request import ExportRequest
from utilities.objects import ObjectStore

NOTE = "job.json"


@dataclass(frozen=True)
class AskedJob:
    """A job that the API has accepted.

    Attributes:
        id: the API's exportJobId.
        changed_from, changed_to: its window, UTC with a Z.
    """

    id: int
    changed_from: str
    changed_to: str


@dataclass(frozen=True)
class Note:
    """What is remembered of an export.

    Attributes:
        identity: of the request, see `ExportRequest.identity`.
        resource: type that is exported.
        fields: those that were asked for beyond the core ones.
        asked_at: when the first job was asked for, UTC.
        jobs: those asked for so far, in order.
    """

    identity: str
    resource: str
    fields: tuple[str, ...]
    asked_at: datetime
    jobs: tuple[AskedJob, ...]


def recall(place: str, request: ExportRequest, store: ObjectStore) -> Note | None:
    """Return what is remembered of the same request; None when there is nothing, or of another."""
    try:
        with store.open(place + NOTE) as file:
            note = msgspec.json.decode(file.read(), type=Note)
    except (SourceNotFound, msgspec.ValidationError, msgspec.DecodeError):
        return None
    return note if note.identity == request.identity else None


def remember(place: str, note: Note, store: ObjectStore) -> None:
    """Write a note, in place of the one before."""
    store.put(place + NOTE, msgspec.json.format(msgspec.json.encode(note), indent=1))


def forget(place: str, store: ObjectStore) -> None:
    """Delete the note, and with it every file of the export.

    The note first: what it names must not be half there.
    """
    store.delete([place + NOTE])
    store.empty(place)
