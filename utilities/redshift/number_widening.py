"""Give columns of numbers a wider type, inside the load's transaction.

Redshift changes the size of text and no other type, so a column is exchanged for a new one that
is filled from it. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from collections.abc import Sequence
from importlib.resources import files

from psycopg2 import errors, sql
from psycopg2.extensions import cursor as Cursor

from utilities.errors import SchemaMismatch
from utilities.redshift.identifiers import identifier, qualified
from utilities.references import TableName


def widen_numbers(
    cursor: Cursor, table: TableName, existing: dict[str, str], widen: Sequence[tuple[str, str]]
) -> None:
    """Exchange columns of numbers for wider ones of the same names.

    The new columns stand at the end of the table; comments are kept, the table's grants and rows
    too. Privileges on such a column by itself end, as it does.

    Args:
        existing: the table's columns, name to type.
        widen: pairs of column and new type.

    Raises:
        SchemaMismatch: a column cannot be dropped without losing what depends on it.
    """
    if not widen:
        return
    comments = _require_exchangeable(cursor, table, existing, widen)
    new_names = {name: _free_name(existing, place) for place, (name, _) in enumerate(widen)}
    for name, type_ in widen:
        _alter(cursor, table, "ADD COLUMN {} {}", identifier(new_names[name]), sql.SQL(type_))
    assignments = [
        sql.SQL("{} = {}").format(identifier(new), identifier(old))
        for old, new in new_names.items()
    ]
    cursor.execute(
        sql.SQL("UPDATE {} SET {}").format(qualified(table), sql.SQL(", ").join(assignments))
    )
    for name, type_ in widen:
        try:
            _alter(cursor, table, "DROP COLUMN {}", identifier(name))
        except errors.DependentObjectsStillExist as error:
            depends = " ".join((error.diag.message_detail or "a view depends on it").split())
            raise _refused(table, name, existing[name], type_, depends) from None
        _alter(
            cursor, table, "RENAME COLUMN {} TO {}", identifier(new_names[name]), identifier(name)
        )
    _comment(cursor, table, comments)


def _require_exchangeable(
    cursor: Cursor, table: TableName, existing: dict[str, str], widen: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Raise when a column holds more than its values; return the comments on columns, by name."""
    query = files("utilities.redshift").joinpath("column_facts.sql").read_text()
    types = dict(widen)
    cursor.execute(query, (table.schema, table.table, tuple(types)))
    comments = {}
    for name, in_dist, in_sort, is_not_null, has_default, keys, comment in cursor.fetchall():
        reasons = {
            "it is the distribution key": in_dist,
            "it is part of the sort key": in_sort,
            "it is part of a declared key": keys,
            "it is NOT NULL": is_not_null,
            "it has a default": has_default,
        }
        for reason, holds in reasons.items():
            if holds:
                raise _refused(table, name, existing[name], types[name], reason)
        if comment:
            comments[name] = comment
    return comments


def _refused(table: TableName, name: str, found: str, needed: str, reason: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"{table}: column {name!r} is {found} and would have to become {needed} "
        "(schema_policy='evolve'), for which Redshift needs a new column in its place; it cannot "
        f"be exchanged: {reason}. Nothing was loaded. Change the column by hand, or load into a "
        "new table."
    )


def _free_name(existing: dict[str, str], place: int) -> str:
    name = f"wider_{place}"
    while name in existing:
        name += "_"
    return name


def _alter(cursor: Cursor, table: TableName, change: str, *parts: sql.Composable) -> None:
    cursor.execute(
        sql.SQL("ALTER TABLE {} ").format(qualified(table)) + sql.SQL(change).format(*parts)
    )


def _comment(cursor: Cursor, table: TableName, comments: dict[str, str]) -> None:
    for name, comment in comments.items():
        cursor.execute(
            sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                qualified(table), identifier(name), sql.Literal(comment)
            )
        )
