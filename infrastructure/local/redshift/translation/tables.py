"""CREATE TABLE: what PostgreSQL gets, and what is only remembered.

Distribution, sort order and encodings have no counterpart; keys are not enforced by Redshift.
They are recorded (catalog/attributes.sql), so that the system views can show them.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

import json
from dataclasses import asdict, dataclass, field

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, tokens
from infrastructure.local.redshift.refusals import literal, not_available, not_supported
from infrastructure.local.redshift.translation.calls import find_call
from infrastructure.local.redshift.translation.columns import read_column
from infrastructure.local.redshift.translation.edits import Edits

CONSTRAINT_WORDS = ("PRIMARY", "UNIQUE", "FOREIGN", "CONSTRAINT", "CHECK")


@dataclass
class Attributes:
    """What a table has in Redshift and PostgreSQL does not know.

    Attributes:
        name: the table as written, schema included.
        style: EVEN, KEY, ALL or AUTO; empty when not given.
        dist_key: column that rows are distributed by.
        sort_keys: columns that rows are sorted by, in order.
        interleaved: whether the sort keys weigh the same.
        encodings: column to encoding.
        constraints: (p, u or f; columns; referenced table; referenced columns).
        template: the table of LIKE, whose attributes are taken over.
    """

    name: str = ""
    style: str = ""
    dist_key: str = ""
    sort_keys: list[str] = field(default_factory=list)
    interleaved: bool = False
    encodings: dict[str, str] = field(default_factory=dict)
    constraints: list[tuple[str, list[str], str, list[str]]] = field(default_factory=list)
    template: str = ""

    @property
    def any(self) -> bool:
        """Whether there is something to record."""
        return self != Attributes(name=self.name)

    def record_sql(self) -> str:
        """The statement that records them; it fails when there is no such table."""
        return f"SELECT redshift_catalog.record({literal(json.dumps(asdict(self)))})"


@dataclass(frozen=True)
class TableStatement:
    """A CREATE TABLE for PostgreSQL: its text, and what to record when it has run."""

    sql: str
    attributes: Attributes


def translate_table(sql: str) -> TableStatement:
    """Read CREATE [TEMP] TABLE [IF NOT EXISTS] name ...

    Raises:
        FrontError: it asks for what Redshift does not have, or the front cannot do.
    """
    found = tokens(sql)
    edits = Edits(sql)
    place = next(i for i, token in enumerate(found) if token.upper == "TABLE") + 1
    if [token.upper for token in found[place : place + 3]] == ["IF", "NOT", "EXISTS"]:
        place += 3
    start = place
    while place + 1 < len(found) and found[place + 1].raw == ".":
        place += 2
    if place >= len(found):
        raise FrontError("syntax error at end of input", sqlstate="42601")
    attributes = Attributes(name=sql[found[start].start : found[place].end])
    if found[place].name.startswith("#") and "TEMP" not in sql[: found[start].start].upper():
        edits.insert(found[0].end, " TEMPORARY")
    items = find_call(found, place)
    place += 1
    if items is not None:
        if not _is_query(items.arguments):
            _read_items(sql, found, items.arguments, attributes, edits)
            place = items.close + 1
    _read_options(found, place, attributes, edits)
    return TableStatement(edits.apply(), attributes)


def _is_query(arguments: list[list[Token]]) -> bool:
    return bool(arguments and arguments[0] and arguments[0][0].upper in ("SELECT", "WITH", "("))


def _read_items(
    sql: str,
    found: list[Token],
    items: list[list[Token]],
    attributes: Attributes,
    edits: Edits,
) -> None:
    """Columns, LIKE and table constraints between the brackets."""
    not_null: list[str] = []
    ends: dict[str, int] = {}
    kept: list[list[Token]] = []
    for item in items:
        if not item:
            raise FrontError('syntax error at or near ","', sqlstate="42601")
        word = item[0].upper
        if word in CONSTRAINT_WORDS:
            not_null += read_constraint(item, attributes)
            continue
        kept.append(item)
        if word == "LIKE":
            attributes.template = _dotted(item[1:])
        elif len(item) > 1:
            ends[item[0].name] = item[-1].end
            read_column(item, attributes, edits)
    _drop_items(items, kept, edits)
    for name in not_null:
        if name in ends:
            edits.insert(ends[name], " NOT NULL")


def _drop_items(items: list[list[Token]], kept: list[list[Token]], edits: Edits) -> None:
    """Leave out table constraints, each with the comma before it (the first: after it)."""
    for place, item in enumerate(items):
        if item in kept:
            continue
        if place:
            edits.replace(items[place - 1][-1].end, item[-1].end, "")
        elif len(items) > 1:
            edits.replace(item[0].start, items[1][0].start, "")


def read_constraint(item: list[Token], attributes: Attributes) -> list[str]:
    """Record one table constraint; returns the columns that it makes NOT NULL."""
    if item[0].upper == "CONSTRAINT":
        item = item[2:]
    word = item[0].upper if item else ""
    if word == "CHECK" or not word:
        raise not_supported("A CHECK constraint")
    bracket = next((i for i, token in enumerate(item) if token.raw == "("), len(item))
    call = find_call(item, bracket - 1)
    if call is None:
        raise FrontError(f'syntax error at or near "{item[0].raw}"', sqlstate="42601")
    columns = names_of(call.arguments)
    kind = {"PRIMARY": "p", "UNIQUE": "u", "FOREIGN": "f"}[word]
    table, referenced = read_reference(item[call.close + 1 :]) if kind == "f" else ("", [])
    attributes.constraints.append((kind, columns, table, referenced))
    return columns if kind == "p" else []


def read_reference(found: list[Token]) -> tuple[str, list[str]]:
    """The table and the columns behind REFERENCES."""
    name = _dotted(found[1:])
    place = 1 + len(tokens(name)) - 1
    call = find_call(found, place)
    return name, names_of(call.arguments) if call is not None else []


def names_of(arguments: list[list[Token]]) -> list[str]:
    """Column names of a list in brackets."""
    return [argument[0].name for argument in arguments if argument]


def _dotted(found: list[Token]) -> str:
    """The possibly qualified name that these tokens start with, as written."""
    written = found[0].raw if found else ""
    place = 1
    while place + 1 < len(found) and found[place].raw == ".":
        written += "." + found[place + 1].raw
        place += 2
    return written


def _read_options(found: list[Token], place: int, attributes: Attributes, edits: Edits) -> None:
    """What stands between the columns and AS."""
    while place < len(found):
        token = found[place]
        word = token.upper
        following = found[place + 1] if place + 1 < len(found) else None
        call = find_call(found, place)
        end = place + 1
        if word in ("AS", "SELECT", "WITH", "(", ";"):
            return
        if word in ("BACKUP", "ENCODE") and following is not None:
            end = place + 1
        elif word == "DISTSTYLE" and following is not None:
            attributes.style = following.raw.upper()
        elif word == "DISTKEY" and call is not None and call.arguments:
            attributes.dist_key = names_of(call.arguments)[0]
            end = call.close
        elif word in ("COMPOUND", "INTERLEAVED"):
            attributes.interleaved = word == "INTERLEAVED"
            end = place
        elif word == "SORTKEY" and call is not None:
            attributes.sort_keys = names_of(call.arguments)
            end = call.close
        elif word == "SORTKEY" and following is not None and following.upper == "AUTO":
            end = place + 1
        elif word == "ON":
            return
        else:
            raise not_available(f"{token.raw} after the columns of CREATE TABLE")
        end = min(end, len(found) - 1)
        edits.replace(token.start, found[end].end, "")
        place = end + 1
