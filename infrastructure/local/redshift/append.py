"""ALTER TABLE target APPEND FROM source: moves all rows, and leaves the source empty.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
"""

import re

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.refusals import literal, not_in_block

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_APPEND = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?P<target>{_NAME}(?:\.{_NAME})*)\s+APPEND\s+FROM\s+"
    rf"(?P<source>{_NAME}(?:\.{_NAME})*)(?:\s+(?P<option>IGNOREEXTRA|FILLTARGET))?\s*",
    re.IGNORECASE,
)


async def append_rows(sql: str, backend: Backend) -> str:
    """Carry the statement out; returns its tag.

    Raises:
        FrontError: in a transaction block, or the tables do not fit each other.
    """
    found = _APPEND.fullmatch(sql)
    if found is None:
        raise FrontError("syntax error in ALTER TABLE APPEND", sqlstate="42601")
    if backend.status != b"I":
        raise not_in_block("ALTER TABLE APPEND")
    target, source = found["target"], found["source"]
    option = (found["option"] or "").upper()
    have = await _columns(source, backend)
    wanted = await _columns(target, backend)
    extra = [name for name in have if name not in wanted]
    missing = [name for name in wanted if name not in have]
    if extra and option != "IGNOREEXTRA":
        raise _misfit(f"{source} has columns that {target} has not: {', '.join(extra)}")
    if missing and option != "FILLTARGET":
        raise _misfit(f"{target} has columns that {source} has not: {', '.join(missing)}")
    shared = ", ".join(name for name in have if name in wanted)
    async with backend.atomic():
        await backend.query(f"INSERT INTO {target} ({shared}) SELECT {shared} FROM {source}")
        await backend.query(f"TRUNCATE {source}")
    return "ALTER TABLE APPEND"


async def _columns(table: str, backend: Backend) -> list[str]:
    rows = await backend.query(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
        f" AND attrelid = {literal(table)}::regclass ORDER BY attnum"
    )
    return [str(name) for (name,) in rows]


def _misfit(message: str) -> FrontError:
    return FrontError(
        f"columns do not match in ALTER TABLE APPEND: {message}",
        sqlstate="42804",
        hint="IGNOREEXTRA drops the source's extra columns, FILLTARGET fills the target's.",
    )
