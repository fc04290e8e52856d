"""PARTITION BY: rows go into folders by the values of columns, as Hive lays them out.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.copy_from_s3.target import quote
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.refusals import literal, not_available
from infrastructure.local.redshift.unload_to_s3.result import Result, ResultColumn
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement

NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"
KEY_KINDS = frozenset(
    {"int2", "int4", "int8", "numeric", "float4", "bool", "char", "varchar", "date", "timestamp"}
)
"""What a partition key may be; an expression that is a text has no kind of its own."""

# https://github.com/apache/hive/blob/master/common/src/java/org/apache/hadoop/hive/common/FileUtils.java
_ESCAPED = re.compile(r"""[\x00-\x1f\x7f"#%'*/:=?\\{\[\]^]""")


@dataclass(frozen=True)
class Partition:
    """A part of the result that goes into one folder.

    Attributes:
        result: its rows, with the columns that its files have.
        statement: the UNLOAD with the folder in its prefix.
    """

    result: Result
    statement: UnloadStatement

    def among(self, uris: Sequence[str]) -> list[str]:
        """Return those of the objects that lie in the folder."""
        return [uri for uri in uris if uri.startswith(self.statement.prefix)]


async def find_partitions(
    backend: Backend, result: Result, statement: UnloadStatement
) -> list[Partition]:
    """Return the parts of a result; without PARTITION BY it is one.

    Raises:
        FrontError: a key is no column of the result, or of a type that no key can be.
    """
    if not statement.partition_by:
        return [Partition(result, statement)]
    keys = [_key(result, name) for name in statement.partition_by]
    kept = [c for c in result.columns if statement.include_keys or c not in keys]
    if all(column in keys for column in result.columns):
        raise FrontError(
            "all columns of the query are partition columns",
            sqlstate="42601",
            hint="At least one column must be left for the files.",
        )
    names = ", ".join(quote(key.name) for key in keys)
    texts = ", ".join(f"{quote(key.name)}::text" for key in keys)
    rows = await backend.query(
        f"SELECT {texts} FROM (SELECT DISTINCT {names} FROM pg_temp.redshift_unload) k"
        f" ORDER BY {names}"
    )
    return [_partition(statement, keys, kept, [_text(value) for value in row]) for row in rows]


def _partition(
    statement: UnloadStatement,
    keys: Sequence[ResultColumn],
    kept: Sequence[ResultColumn],
    values: Sequence[str | None],
) -> Partition:
    pairs = list(zip(keys, values, strict=True))
    conditions = [
        f"{quote(key.name)} " + ("IS NULL" if value is None else f"= {literal(value)}")
        for key, value in pairs
    ]
    chosen = ", ".join(quote(column.name) for column in kept)
    source = f"SELECT {chosen} FROM pg_temp.redshift_unload WHERE {' AND '.join(conditions)}"
    folder = "".join(f"{_escaped(key.name)}={_folder(value)}/" for key, value in pairs)
    return Partition(
        Result(source, tuple(kept)), replace(statement, prefix=statement.prefix + folder)
    )


def _key(result: Result, name: str) -> ResultColumn:
    for column in result.columns:
        if column.name.lower() == name.lower():
            break
    else:
        raise FrontError(f'column "{name}" does not exist in the query', sqlstate="42703")
    if column.kind and column.kind not in KEY_KINDS:
        raise not_available(
            f'UNLOAD with PARTITION BY column "{name}" of this type', "Cast it to VARCHAR."
        )
    return column


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _folder(value: str | None) -> str:
    return NULL_FOLDER if value is None else _escaped(value)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: f"%{ord(match[0]):02X}", text)
