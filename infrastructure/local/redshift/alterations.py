"""ALTER TABLE: one change to a statement, as Redshift has it.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
"""

from infrastructure.local.redshift.append import append_rows
from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, tokens
from infrastructure.local.redshift.refusals import (
    literal,
    not_available,
    not_in_block,
    not_supported,
)
from infrastructure.local.redshift.steps import Action, Forward, Step, encode
from infrastructure.local.redshift.translation.calls import find_call
from infrastructure.local.redshift.translation.column_types import translate_type
from infrastructure.local.redshift.translation.columns import read_column
from infrastructure.local.redshift.translation.edits import Edits
from infrastructure.local.redshift.translation.functions import translate_functions
from infrastructure.local.redshift.translation.tables import (
    CONSTRAINT_WORDS,
    Attributes,
    names_of,
    read_constraint,
)


def alter_table(sql: str) -> Step:
    """The step for ALTER TABLE, its names spelt already.

    Raises:
        FrontError: it asks for what Redshift does not have, or the front cannot do.
    """
    found = tokens(sql)
    place = 2
    if [token.upper for token in found[2:4]] == ["IF", "EXISTS"]:
        raise not_supported("ALTER TABLE IF EXISTS")
    while place + 1 < len(found) and found[place + 1].raw == ".":
        place += 2
    if place + 1 >= len(found):
        raise FrontError("syntax error at end of input", sqlstate="42601")
    table = sql[found[2].start : found[place].end]
    change = found[place + 1 :]
    _refuse_several(change)
    word = change[0].upper
    if word == "ADD":
        return _add(sql, table, change[1:])
    if word == "ALTER":
        return _alter(sql, table, change[1:])
    if word == "APPEND":
        return Action(sql, append_rows, alone=True)
    if word == "DROP" and len(change) > 2 and change[1].upper == "CONSTRAINT":
        return _record_only(
            f"SELECT redshift_catalog.forget_constraint({literal(table)}, {literal(change[2].name)})"
        )
    if word in ("RENAME", "DROP", "OWNER"):
        return Forward(encode(sql))
    raise not_available(f"ALTER TABLE ... {change[0].raw}")


def _refuse_several(change: list[Token]) -> None:
    depth = 0
    for token in change:
        depth += {"(": 1, ")": -1}.get(token.raw, 0)
        if depth == 0 and token.raw == ",":
            raise FrontError('syntax error at or near ","', sqlstate="42601")


def _add(sql: str, table: str, found: list[Token]) -> Step:
    attributes = Attributes(name=table)
    if found and found[0].upper in CONSTRAINT_WORDS:
        read_constraint(found, attributes)
        return _record_only(attributes.record_sql())
    if found and found[0].upper == "COLUMN":
        found = found[1:]
    if len(found) < 2:
        raise FrontError("syntax error at end of input", sqlstate="42601")
    edits = Edits(sql)
    read_column(found, attributes, edits)
    translated = translate_functions(edits.apply())
    if not attributes.any:
        return Forward(encode(translated))

    async def run(sql: str, backend: Backend) -> str:
        async with backend.atomic():
            await backend.query(sql)
            await backend.query(attributes.record_sql())
        return "ALTER TABLE"

    return Action(translated, run)


def _alter(sql: str, table: str, found: list[Token]) -> Step:
    words = [token.upper for token in found]
    attributes = Attributes(name=table)
    if words[:1] == ["DISTSTYLE"] and len(words) > 1:
        attributes.style = words[1]
        if "DISTKEY" in words:
            attributes.dist_key = found[words.index("DISTKEY") + 1].name
    elif words[:1] == ["DISTKEY"] and len(words) > 1:
        attributes.dist_key = found[1].name
    elif "SORTKEY" in words[:2]:
        call = find_call(found, words.index("SORTKEY"))
        attributes.sort_keys = names_of(call.arguments) if call is not None else [""]
    elif words[:2] == ["ENCODE", "AUTO"]:
        pass
    else:
        return _alter_column(sql, table, found[1:] if words[:1] == ["COLUMN"] else found)
    return _record_only(attributes.record_sql())


def _alter_column(sql: str, table: str, found: list[Token]) -> Step:
    action = found[1].upper if len(found) > 1 else ""
    column = found[0].name if found else ""
    if action == "ENCODE" and len(found) > 2:
        attributes = Attributes(name=table, encodings={column: found[2].raw.lower()})
        return _record_only(attributes.record_sql())
    if action != "TYPE":
        raise not_supported(f"ALTER TABLE ... ALTER COLUMN ... {action or 'without a change'}")
    edits = Edits(sql)
    translate_type(found[2:], f"{table}.{column}", edits)
    if found[2].upper not in ("VARCHAR", "CHARACTER", "NVARCHAR", "TEXT"):
        raise not_supported(
            f"ALTER COLUMN TYPE to {found[2].raw}",
            "Only the size of a VARCHAR column can be changed; add a new column instead.",
        )

    async def run(sql: str, backend: Backend) -> str:
        if backend.status != b"I":
            raise not_in_block("ALTER TABLE ALTER COLUMN")
        await _check_column(table, column, backend)
        await backend.query(sql)
        return "ALTER TABLE"

    return Action(edits.apply(), run, alone=True)


async def _check_column(table: str, column: str, backend: Backend) -> None:
    """Redshift changes the size of a VARCHAR without default and key, and nothing else."""
    rows = await backend.query(
        "SELECT a.atttypid = 'varchar'::regtype, a.atthasdef, EXISTS (SELECT FROM"
        " redshift_catalog.constraints c WHERE c.conrelid = a.attrelid AND a.attnum = ANY"
        f" (c.conkey)) FROM pg_attribute a WHERE a.attrelid = {literal(table)}::regclass"
        f" AND a.attname = {literal(column.lower())}"
    )
    if not rows:
        return  # PostgreSQL says that there is no such column
    is_varchar, has_default, in_key = rows[0]
    where = f'column "{column}" of relation "{table}"'
    if is_varchar != "t":
        raise not_supported(f"ALTER COLUMN TYPE of {where}, which is no VARCHAR,")
    if has_default == "t":
        raise not_supported(f"ALTER COLUMN TYPE of {where}, which has a default value,")
    if in_key == "t":
        raise not_supported(f"ALTER COLUMN TYPE of {where}, which is part of a key,")


def _record_only(sql: str) -> Step:
    async def run(sql: str, backend: Backend) -> str:
        await backend.query(sql)
        return "ALTER TABLE"

    return Action(sql, run)
