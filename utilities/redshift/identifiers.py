"""The one place where a name becomes part of SQL text."""

import re

from psycopg2 import sql

from utilities.errors import ParameterInvalid
from utilities.references import IDENTIFIER_LIMIT_BYTES, TableName

_PLAIN = re.compile(r"[^\W\d][\w$]*")


def identifier(name: str) -> sql.Composable:
    """Return `name` quoted for use as an identifier.

    A statement with such a name takes its values as `sql.Literal`, and is executed without
    parameters: psycopg2 would take a % in the name for one of them.

    Raises:
        ParameterInvalid: Redshift cannot store such a name.
    """
    _require_legal(name)
    return sql.Identifier(name)


def qualified(table: TableName) -> sql.Composable:
    """Return a schema-qualified table name, both parts quoted."""
    return sql.SQL(".").join([identifier(table.schema), identifier(table.table)])


def identifiers(names: "list[str] | tuple[str, ...]") -> sql.Composable:
    """Return several names quoted, with commas between them."""
    return sql.SQL(", ").join([identifier(name) for name in names])


def parse_table_name(text: str) -> TableName:
    """Read `schema.table` as a person writes it; names are folded to lower case as Redshift does.

    Raises:
        ParameterInvalid: it has not two parts, or a part is no plain name.
    """
    parts = text.strip().lower().split(".")
    if len(parts) != 2 or not all(_PLAIN.fullmatch(part) for part in parts):
        raise ParameterInvalid(
            f"{text!r} is not a table name; expected schema.table with letters, digits, _ and $, "
            "for example public.contacts."
        )
    for part in parts:
        _require_legal(part)
    return TableName(parts[0], parts[1])


def _require_legal(name: str) -> None:
    size = len(name.encode())
    if not name or "\0" in name:
        raise ParameterInvalid(f"{name!r} is not a name that Redshift can store.")
    if size > IDENTIFIER_LIMIT_BYTES:
        raise ParameterInvalid(
            f"{name[:40]}...: the name has {size} bytes, Redshift stores "
            f"{IDENTIFIER_LIMIT_BYTES}. Shorten it."
        )
