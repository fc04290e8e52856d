"""The layout of a new table on the cluster: distribution, sort key, compression."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from psycopg2 import sql

from utilities.errors import ParameterInvalid
from utilities.redshift.identifiers import identifier, identifiers
from utilities.redshift.options import TableDesign
from utilities.references import Column, TableName, find_column

ENCODINGS = (
    "RAW",
    "AZ64",
    "BYTEDICT",
    "DELTA",
    "DELTA32K",
    "LZO",
    "MOSTLY8",
    "MOSTLY16",
    "MOSTLY32",
    "RUNLENGTH",
    "TEXT255",
    "TEXT32K",
    "ZSTD",
)
"""Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html"""


@dataclass(frozen=True)
class Layout:
    """A design, as clauses of CREATE TABLE.

    Attributes:
        attributes: what follows the list of columns.
        encodings: compression by column name; other columns get Redshift's choice.
    """

    attributes: sql.Composable = field(default_factory=lambda: sql.SQL(""))
    encodings: dict[str, str] = field(default_factory=dict)


def lay_out(table: TableName, design: TableDesign, columns: Sequence[Column]) -> Layout:
    """Return the clauses of a design for a table with these columns.

    Columns are named as in the table or as in the source.

    Raises:
        ParameterInvalid: the design contradicts itself, or names what there is not.
    """
    clauses: list[sql.Composable] = []
    style = design.diststyle
    if design.distkey is not None and style not in (None, "KEY"):
        raise ParameterInvalid(
            f"{table}: a distkey was given, but diststyle is {style!r}. Leave one of them out."
        )
    if design.distkey is None and style == "KEY":
        raise ParameterInvalid(f"{table}: diststyle 'KEY' needs a distkey: one column.")
    if style is not None:
        clauses.append(sql.SQL(f"DISTSTYLE {style}"))
    if design.distkey is not None:
        name = _find(table, "distkey", design.distkey, columns)
        clauses.append(sql.SQL("DISTKEY ({})").format(identifier(name)))
    if design.sortkey:
        names = [_find(table, "sortkey", name, columns) for name in design.sortkey]
        clauses.append(sql.SQL("SORTKEY ({})").format(identifiers(names)))
    return Layout(sql.SQL(" ").join(clauses), _encodings(table, design, columns))


def _encodings(table: TableName, design: TableDesign, columns: Sequence[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for given, encoding in design.encode:
        name = _find(table, "encode", given, columns)
        if encoding.upper() not in ENCODINGS:
            raise ParameterInvalid(
                f"{table}: encoding {encoding!r} for column {name!r} is not one of Redshift's, "
                f"which are {', '.join(ENCODINGS)}."
            )
        if name in found:
            raise ParameterInvalid(f"{table}: encode names column {name!r} twice.")
        found[name] = encoding.upper()
    return found


def _find(table: TableName, what: str, given: str, columns: Sequence[Column]) -> str:
    column = find_column(columns, given)
    if column is None:
        has = ", ".join(column.name for column in columns)
        raise ParameterInvalid(
            f"{table}: {what} names column {given!r}, which the batch does not have. It has: {has}."
        )
    return column.name
