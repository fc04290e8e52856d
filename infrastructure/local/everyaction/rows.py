"""The rows of an export: of contacts, and of what hangs on them."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from infrastructure.local.everyaction.clock import iso
from infrastructure.local.everyaction.derived import IDS_PER_PERSON, derived_row
from infrastructure.local.everyaction.fields import CONTACTS, Field
from infrastructure.local.everyaction.invented import DETAILS, custom_value, details

Row = tuple[str, ...]

CONTACT_COLUMNS = ("VanID", *DETAILS, "DateCreated", "DateModified", "IsSuppressed")

SELECT_PEOPLE = """
SELECT van_id, version, created_ms, modified_ms, is_suppressed, edits FROM people
WHERE (modified_ms >= :start AND modified_ms < :end
       OR van_id IN (SELECT value FROM json_each(:ids)))
  AND (NOT is_suppressed OR :inactive)
ORDER BY van_id
"""
SELECT_RECORDS = """
SELECT id, content FROM records
WHERE resource = :resource
  AND (modified_ms >= :start AND modified_ms < :end
       OR id IN (SELECT value FROM json_each(:ids)))
ORDER BY id
"""
END_OF_TIME_MS = 2**62


@dataclass(frozen=True)
class Selection:
    """Which rows and columns of a resource are wanted.

    Attributes:
        resource: its type.
        fields: columns, in order.
        start_ms, end_ms: a row was changed last in this half-open window, in milliseconds,
        ids: or its key is one of these.
        include_inactive: suppressed contacts too.
    """

    resource: str
    fields: tuple[Field, ...]
    start_ms: int = 0
    end_ms: int = END_OF_TIME_MS
    ids: tuple[int, ...] = ()
    include_inactive: bool = False


def select_rows(database: sqlite3.Connection, wanted: Selection) -> Iterator[Row]:
    """Give the rows in the order of their keys; each value as text, as a file has it."""
    if wanted.resource == CONTACTS:
        return _contacts(database, wanted)
    return _others(database, wanted)


def contact_values(
    person: tuple[int, int | None, int, int, int, str | None], custom: tuple[Field, ...]
) -> list[str]:
    """Return the values of CONTACT_COLUMNS, and of custom fields, of one row of `people`."""
    van_id, version, created, modified, suppressed, edits = person
    values = [
        str(van_id),
        *details(van_id, version),
        iso(created),
        iso(modified),
        "true" if suppressed else "false",
    ]
    values += [custom_value(van_id, version, f.custom_field_id or 0, f.kind) for f in custom]
    if edits:
        places = {name: place for place, name in enumerate(CONTACT_COLUMNS)}
        first = len(CONTACT_COLUMNS)
        places |= {f"CF{f.custom_field_id}": first + place for place, f in enumerate(custom)}
        for name, value in json.loads(edits).items():
            if name in places:
                values[places[name]] = value
    return values


def _contacts(database: sqlite3.Connection, wanted: Selection) -> Iterator[Row]:
    custom = tuple(field for field in wanted.fields if field.custom_field_id is not None)
    # A custom field may have the name of another field.
    known = [*CONTACT_COLUMNS, *(field.custom_field_id for field in custom)]
    places = [known.index(field.custom_field_id or field.name) for field in wanted.fields]
    # Of one place alone, itemgetter gives the value itself; a second copy is cut off again.
    pick, width = itemgetter(*places, places[0]), len(places)
    for person in database.execute(SELECT_PEOPLE, _bounds(wanted, wanted.ids)):
        yield pick(contact_values(person, custom))[:width]


def _others(database: sqlite3.Connection, wanted: Selection) -> Iterator[Row]:
    names = [field.name for field in wanted.fields]
    people = tuple(key // IDS_PER_PERSON for key in wanted.ids)
    for person in database.execute(SELECT_PEOPLE, _bounds(wanted, people) | {"inactive": True}):
        van_id, version, created, modified, *_ = person
        found = derived_row(wanted.resource, van_id, version, created, modified)
        is_due = wanted.start_ms <= modified < wanted.end_ms
        if found and (is_due or int(found[names[0]]) in wanted.ids):
            yield tuple(found[name] for name in names)
    recorded = _bounds(wanted, wanted.ids) | {"resource": wanted.resource}
    for _, content in database.execute(SELECT_RECORDS, recorded):
        values = json.loads(content)
        yield tuple(values.get(name, "") for name in names)


def _bounds(wanted: Selection, ids: tuple[int, ...]) -> dict[str, object]:
    return {
        "start": wanted.start_ms,
        "end": wanted.end_ms,
        "ids": json.dumps(ids),
        "inactive": wanted.include_inactive,
    }
