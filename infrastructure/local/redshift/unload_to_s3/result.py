"""The result that is unloaded: its columns and types, and how PostgreSQL sends it."""

from dataclasses import dataclass, replace

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.target import quote, read_type
from infrastructure.local.redshift.names import full_names
from infrastructure.local.redshift.refusals import literal
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement

_WIDEST_DECIMAL = 38
_SHOWN_TYPES = {
    "varchar": "character varying",
    "char": "character",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
}


@dataclass(frozen=True)
class ResultColumn:
    """One column of a result.

    Attributes:
        kind: as of TargetColumn; empty for a type that only text formats can hold.
        length, scale: as of TargetColumn; 0 where PostgreSQL gives none.
    """

    name: str
    kind: str
    length: int
    scale: int

    def schema_element(self) -> dict[str, object]:
        """The column as a verbose manifest shows it."""
        kind: dict[str, object] = {"base": _SHOWN_TYPES.get(self.kind, self.kind or "unknown")}
        if self.kind in ("varchar", "char"):
            kind["max_length"] = self.length or 65_535
        if self.kind == "numeric":
            kind |= {"precision": self.length, "scale": self.scale}
        return {"name": self.name, "type": kind}


@dataclass(frozen=True)
class Result:
    """What is sent: SQL that yields the rows, and its columns when they had to be known."""

    source: str
    columns: tuple[ResultColumn, ...] = ()


async def find_result(backend: Backend, query: str, statement: UnloadStatement) -> Result:
    """Learn the result's columns when the format, or the manifest, needs them.

    A temporary view tells names and types without running the query. A NUMERIC without a scale
    has to be run to know one, and partitions to know their keys, so such a result goes through a
    temporary table.
    """
    partitioned = bool(statement.partition_by)
    if statement.format in ("text", "csv") and not statement.verbose and not partitioned:
        return Result(query)
    name = "redshift_unload"
    await backend.query(f"CREATE TEMPORARY VIEW {name} AS {query}")
    columns = await _columns(backend, name)
    open_scales = [c for c in columns if c.kind == "numeric" and not c.length]
    if partitioned or (open_scales and statement.format == "parquet"):
        await backend.query(f"DROP VIEW pg_temp.{name}")
        await backend.query(f"CREATE TEMPORARY TABLE {name} AS {query}")
        columns = await _with_scales(backend, name, columns)
    return Result(f"SELECT * FROM pg_temp.{name}", columns)


async def forget_result(backend: Backend, result: Result) -> None:
    """Remove what find_result made."""
    if result.columns:
        [(kind,)] = await backend.query(
            "SELECT relkind FROM pg_catalog.pg_class"
            " WHERE oid = to_regclass('pg_temp.redshift_unload')"
        )
        await backend.query(f"DROP {'VIEW' if kind == 'v' else 'TABLE'} pg_temp.redshift_unload")


def copy_sql(result: Result, statement: UnloadStatement) -> str:
    """The COPY TO STDOUT that yields the rows as CSV, names first."""
    options = ["FORMAT csv", "HEADER"]
    source = result.source
    if statement.format == "csv":
        options += [
            f"DELIMITER {literal(statement.delimiter)}",
            f"NULL {literal(statement.null_as)}",
        ]
        if statement.add_quotes:
            options.append("FORCE_QUOTE *")
    if statement.format == "json":
        source = f"SELECT row_to_json(u) FROM ({_json_columns(result)}) u"
    # The query may end in a comment.
    return f"COPY ({source}\n) TO STDOUT ({', '.join(options)})"


def _json_columns(result: Result) -> str:
    """Select the columns so that row_to_json spells them as Redshift does.

    Booleans are unloaded as t and f: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
    """
    spellings = {"bool": "left({}::text, 1)", "super": "{}::json"}
    spellings |= dict.fromkeys(("date", "time", "timetz", "timestamp", "timestamptz"), "{}::text")
    chosen = [
        f"{spellings.get(column.kind, '{}').format(name)} AS {name}"
        for column in result.columns
        for name in (quote(column.name),)
    ]
    return f"SELECT {', '.join(chosen)} FROM ({result.source}) r"


async def _columns(backend: Backend, view: str) -> tuple[ResultColumn, ...]:
    rows = await backend.query(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
        f" WHERE attrelid = to_regclass('pg_temp.{view}') AND attnum > 0 ORDER BY attnum"
    )
    columns = []
    for name, type_name in rows:
        known = read_type(str(type_name)) or ("", 0, 0)
        columns.append(ResultColumn(full_names.get(str(name), str(name)), *known))
    return tuple(columns)


async def _with_scales(
    backend: Backend, table: str, columns: tuple[ResultColumn, ...]
) -> tuple[ResultColumn, ...]:
    found: list[ResultColumn] = []
    for column in columns:
        if column.kind == "numeric" and not column.length:
            [(scale,)] = await backend.query(
                f"SELECT coalesce(max(scale({quote(column.name)})), 0) FROM pg_temp.{table}"
            )
            column = replace(column, length=_WIDEST_DECIMAL, scale=int(str(scale)))
        found.append(column)
    return tuple(found)
