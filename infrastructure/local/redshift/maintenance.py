"""TRUNCATE, VACUUM and ANALYZE.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html,
https://docs.aws.amazon.com/redshift/latest/dg/r_ANALYZE.html
"""

import re

from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.refusals import not_available, not_in_block
from infrastructure.local.redshift.steps import Action, Forward, Settings, Step, encode
from infrastructure.local.redshift.translation.spelling import spell_names

_VACUUM = re.compile(
    r"\s*VACUUM\b(?:\s+(?:FULL|SORT\s+ONLY|DELETE\s+ONLY|REINDEX|RECLUSTER))?"
    r"(?P<table>.*?)(?:\s+TO\s+\d+\s+PERCENT)?(?:\s+BOOST)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_ANALYZE_SUFFIX = re.compile(r"\s+(?:PREDICATE|ALL)\s+COLUMNS\s*\Z", re.IGNORECASE)
_COMPRESSION = re.compile(r"\s*ANALY[ZS]E\s+COMPRESSION\b", re.IGNORECASE)


def truncate(sql: str, settings: Settings) -> Step:
    """TRUNCATE commits the transaction that it runs in."""
    return Action(spell_names(sql, settings), _truncate, alone=True)


async def _truncate(sql: str, backend: Backend) -> str:
    await backend.query(sql)
    if backend.in_transaction:
        await backend.query("COMMIT")
    return "TRUNCATE TABLE"


def vacuum(sql: str, settings: Settings) -> Step:
    """VACUUM with Redshift's options; sorting has no counterpart and is left out."""
    found = _VACUUM.fullmatch(spell_names(sql, settings))
    table = found["table"] if found is not None else ""
    return Action(f"VACUUM {table}", _vacuum, alone=True)


async def _vacuum(sql: str, backend: Backend) -> str:
    if backend.status != b"I":
        raise not_in_block("VACUUM")
    await backend.query(sql)
    return "VACUUM"


def analyze(sql: str, settings: Settings) -> Step:
    """ANALYZE with or without a choice of columns."""
    if _COMPRESSION.match(sql):
        raise not_available(
            "ANALYZE COMPRESSION", "Tables are not compressed here; ask a real cluster."
        )
    return Forward(encode(_ANALYZE_SUFFIX.sub("", spell_names(sql, settings))))
