"""The small values that the steps of reading a feed hand on."""

from dataclasses import dataclass

from utilities.references import TableName
from utilities.settings import Settings


@dataclass(frozen=True)
class Validators:
    """What a server said of the version it sent, to ask whether there is another one by now.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1
    """

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class FeedRead:
    """What came of one feed.

    Attributes:
        feed: its name.
        new: entries that the table did not have.
        changed: entries that the table had in another version.
        is_modified: false when the server said that nothing has changed.
        validators: of the version that was read; empty when it is to be read again in any case.
        known: the validators that it was asked with.
        notes: what a person should know.
    """

    feed: str
    new: int = 0
    changed: int = 0
    is_modified: bool = True
    validators: Validators = Validators()
    known: Validators = Validators()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Warehouse:
    """Where rows go, and on whose behalf.

    Attributes:
        table: of the entries.
        settings: of this process.
        flow_run: id of the Prefect flow run, kept in the ledger.
    """

    table: TableName
    settings: Settings
    flow_run: str | None = None
