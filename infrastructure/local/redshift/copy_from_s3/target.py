"""The table that a COPY loads: its columns, as Redshift types."""

import re
from dataclasses import dataclass

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.names import full_names, shorten
from infrastructure.local.redshift.refusals import not_available

_KINDS = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "numeric": "numeric",
    "boolean": "bool",
    "date": "date",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "character varying": "varchar",
    "text": "varchar",
    "character": "char",
    "json": "super",
    "jsonb": "super",
    "super": "super",
}

_TYPE = re.compile(
    r"(?P<name>[a-z ]+?)(?:\((?P<first>\d+)(?:,(?P<second>\d+))?\))?(?P<rest> [a-z ]+)?"
)


@dataclass(frozen=True)
class TargetColumn:
    """One column to load.

    Attributes:
        kind: PostgreSQL's short name of the type, as stl_load_errors shows it; super for SUPER.
        length: bytes of a varchar or char; the precision of a numeric; 0 when there is no limit.
        scale: digits after the point of a numeric.
        identity: values are generated when the statement gives none.
        jsonb: PostgreSQL's own type, whose binary form begins with a version.
    """

    name: str
    kind: str
    length: int = 0
    scale: int = 0
    not_null: bool = False
    identity: bool = False
    jsonb: bool = False

    @property
    def shown_length(self) -> str:
        """The length as stl_load_errors shows it."""
        if self.kind == "numeric" and self.length:
            return f"{self.length}, {self.scale}"
        return str(self.length) if self.length else ""


@dataclass(frozen=True)
class Target:
    """A table and the columns that the files hold, in their order."""

    table: str
    table_id: int
    sql_name: str
    columns: tuple[TargetColumn, ...]

    def copy_sql(self, *, binary: bool) -> str:
        """The COPY that PostgreSQL carries out; in CSV, NULL is an empty field without quotes."""
        names = ", ".join(quote(column.name) for column in self.columns)
        form = "binary" if binary else "csv"
        return f"COPY {self.sql_name} ({names}) FROM STDIN (FORMAT {form})"


def quote(identifier: str) -> str:
    """Quote a name as PostgreSQL knows it."""
    identifier = shorten(identifier)
    return '"' + identifier.replace('"', '""') + '"'


async def find_target(
    backend: Backend, table: tuple[str, ...], columns: tuple[str, ...], *, explicit_ids: bool
) -> Target:
    """Look the table up as the client sees it, uncommitted changes included.

    Raises:
        FrontError: no such table or column, or a column of a type that cannot be loaded.
    """
    if len(table) > 2 and table[0] == backend.database:
        table = table[1:]
    sql_name = ".".join(quote(part) for part in table)
    literal = "'" + sql_name.replace("'", "''") + "'"
    rows = await backend.query(
        "SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
        " a.attidentity FROM pg_catalog.pg_attribute a"
        f" WHERE a.attrelid = to_regclass({literal}) AND a.attnum > 0 AND NOT a.attisdropped"
        " ORDER BY a.attnum"
    )
    if not rows:
        raise FrontError(f"Cannot COPY into nonexistent table {table[-1]}", sqlstate="42P01")
    whole = [full_names.get(str(row[1]), str(row[1])) for row in rows]
    known = {
        name: _column(name, str(kind), *flags)
        for name, (_, _, kind, *flags) in zip(whole, rows, strict=True)
    }
    chosen = _choose(known, columns, table[-1], explicit_ids)
    return Target(table[-1], int(str(rows[0][0])), sql_name, chosen)


def _choose(
    known: dict[str, TargetColumn], columns: tuple[str, ...], table: str, explicit_ids: bool
) -> tuple[TargetColumn, ...]:
    """Pick the columns that the files hold: identity columns only with EXPLICIT_IDS.

    https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-column-mapping.html
    """
    for name in columns:
        if name not in known:
            raise FrontError(
                f'column "{name}" of relation "{table}" does not exist', sqlstate="42703"
            )
        if known[name].identity and not explicit_ids:
            raise FrontError(
                f'cannot set an identity column to a value: "{name}"',
                sqlstate="0A000",
                hint="Leave it out of the column list, or add EXPLICIT_IDS.",
            )
    if len(set(columns)) < len(columns):
        raise FrontError("a column is named twice in the column list", sqlstate="42701")
    if columns:
        return tuple(known[name] for name in columns)
    return tuple(column for column in known.values() if explicit_ids or not column.identity)


def read_type(type_name: str) -> tuple[str, int, int] | None:
    """Return kind, length and scale of a type as format_type() spells it; None when unknown."""
    match = _TYPE.fullmatch(type_name)
    kind = None if match is None else _KINDS.get(match["name"] + (match["rest"] or ""))
    if match is None or kind is None:
        return None
    return kind, int(match["first"] or 0), int(match["second"] or 0)


def _column(name: str, type_name: str, not_null: str | None, identity: str | None) -> TargetColumn:
    known = read_type(type_name)
    if known is None:
        raise not_available(
            f'COPY into column "{name}" of type {type_name}', "Leave it out of the column list."
        )
    return TargetColumn(
        name,
        *known,
        not_null=not_null == "t",
        identity=bool(identity),
        jsonb=type_name == "jsonb",
    )
