"""What each mode does, in plain Python: lists of rows, one key after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = tuple[Any, ...]
Counts = tuple[int, int, int]

COLUMNS = (
    ("id", "BIGINT"),
    ("place", "VARCHAR"),
    ("note", "VARCHAR"),
    ("extra", "SUPER"),
    ("gone", "BOOLEAN"),
    ("seen", "TIMESTAMP"),
)
KEY = ("id", "place")
ID, PLACE, NOTE, EXTRA, GONE, SEEN = range(6)


@dataclass
class Version:
    """A row of a history."""

    row: Row
    valid_from: datetime
    valid_to: datetime | None = None

    def cells(self) -> Row:
        """The row as the table holds it."""
        return (*self.row, self.valid_from, self.valid_to, self.valid_to is None)


def key_of(row: Row) -> Row:
    """The values that identify a row."""
    return row[ID], row[PLACE]


def greatness(value: Any) -> tuple[bool, Any]:
    """No value is less than any."""
    return value is not None, value


def winners(rows: Sequence[Row], deleted: bool = False) -> dict[Row, Row]:
    """The newest row of each key; of equal ones the marked, then by the other columns in order.

    Args:
        deleted: the load heeds marks of deletion.
    """
    columns = (SEEN, GONE, NOTE, EXTRA) if deleted else (SEEN, NOTE, EXTRA, GONE)

    def rank(row: Row) -> list[tuple[bool, Any]]:
        return [greatness(row[column]) for column in columns]

    best: dict[Row, Row] = {}
    for row in rows:
        held = best.get(key_of(row))
        if held is None or rank(row) > rank(held):
            best[key_of(row)] = row
    return best


def append(table: list[Row], rows: Sequence[Row]) -> Counts:
    """Add all."""
    table += rows
    return len(rows), 0, 0


def replace(table: list[Row], rows: Sequence[Row]) -> Counts:
    """Exchange all."""
    before = len(table)
    table[:] = rows
    return len(rows), 0, before


def replace_slice(table: list[Row], rows: Sequence[Row], places: set[str]) -> Counts:
    """Exchange the rows of some places."""
    kept = [row for row in table if row[PLACE] not in places]
    gone = len(table) - len(kept)
    table[:] = [*kept, *rows]
    return len(rows), 0, gone


def insert_new(table: list[Row], rows: Sequence[Row]) -> Counts:
    """Add what has a new key."""
    known = {key_of(row) for row in table}
    new = [row for key, row in winners(rows).items() if key not in known]
    table += new
    return len(new), 0, 0


def upsert(table: list[Row], rows: Sequence[Row], newest: bool, deleted: bool) -> Counts:
    """One key after the other: stays, goes, changes or comes."""
    counts = [0, 0, 0]
    for key, row in winners(rows, deleted).items():
        held = [place for place, other in enumerate(table) if key_of(other) == key]
        times = [greatness(table[place][SEEN]) for place in held]
        if newest and any(time > greatness(row[SEEN]) for time in times):
            continue
        if deleted and row[GONE]:
            table[:] = [other for other in table if key_of(other) != key]
            counts[2] += len(held)
        elif held:
            for place in held:
                table[place] = row
            counts[1] += 1
        else:
            table.append(row)
            counts[0] += 1
    return counts[0], counts[1], counts[2]


def keep_history(
    table: list[Version],
    rows: Sequence[Row],
    newest: bool,
    deleted: bool,
    loaded_at: datetime,
) -> Counts:
    """One event after the other, in the order of their times; what is known already is left out."""
    content = slice(NOTE, SEEN if newest else None)
    inserted = updated = removed = 0
    for key in {key_of(row) for row in rows}:
        mine = [version for version in table if key_of(version.row) == key]
        current = next((version for version in mine if version.valid_to is None), None)
        known = [version.valid_to or version.valid_from for version in mine]
        stored = current
        for moment, row in _events(
            [row for row in rows if key_of(row) == key], newest, deleted, loaded_at
        ):
            if newest and known and moment <= max(known):
                continue
            marked = bool(deleted and row[GONE])
            same = current is not None and current.row[content] == row[content]
            if (same and not marked) or (marked and current is None):
                continue
            if current is not None:
                current.valid_to = moment
                removed += marked and current is stored
                updated += not marked and current is stored
            current = None if marked else Version(row, moment)
            if current is not None:
                table.append(current)
                inserted += 1
    return inserted, updated, removed


def _events(
    rows: Sequence[Row], newest: bool, deleted: bool, loaded_at: datetime
) -> list[tuple[datetime, Row]]:
    if not newest:
        return [(loaded_at, row) for row in rows]
    moments = sorted({row[SEEN] for row in rows})
    at_once = [[row for row in rows if row[SEEN] == moment] for moment in moments]
    return [
        (moment, next(iter(winners(same, deleted).values())))
        for moment, same in zip(moments, at_once, strict=True)
    ]
