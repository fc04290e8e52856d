"""Queries of PostgreSQL's system tables that ask for what they have only in Redshift.

Drivers and dialects read them to learn of keys, encodings and sort orders. Such a query is led to
views of the same names (catalog/60_system_tables.sql).
"""

import re

from infrastructure.local.redshift.reading import Token, outline, tokens
from infrastructure.local.redshift.translation.edits import Edits

_SUSPECT = re.compile(
    r"\b(?:reldiststyle|attisdistkey|attencodingtype|attsortkeyord|adsrc|pg_constraint)\b",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"\bpg_(?:class|namespace|attribute|attrdef|constraint)\b", re.IGNORECASE)
LED = frozenset("PG_CLASS PG_ATTRIBUTE PG_ATTRDEF PG_CONSTRAINT PG_GET_CONSTRAINTDEF".split())
CLAUSE_ENDS = frozenset("GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT ; )".split())
QUERY_BREAKS = frozenset("UNION EXCEPT INTERSECT".split())


def lead_to_views(sql: str) -> str:
    """The query, reading the views where it asks for what only they have."""
    if not _SYSTEM.search(outline(sql)):
        return sql
    found = tokens(sql)
    edits = Edits(sql)
    if _SUSPECT.search(sql):
        for place, token in enumerate(found):
            if token.upper in LED:
                _lead(found, place, edits)
    for start, end in _queries(found):
        _expand_aliases(found[start:end], edits)
    return edits.apply()


def _lead(found: list[Token], place: int, edits: Edits) -> None:
    start = found[place].start
    if place > 1 and found[place - 1].raw == ".":
        if found[place - 2].upper != "PG_CATALOG":
            return
        start = found[place - 2].start
    if place + 1 < len(found) and found[place + 1].raw == ".":
        return
    edits.replace(start, found[place].end, f"redshift_catalog.{found[place].raw.lower()}")


def _queries(found: list[Token]) -> list[tuple[int, int]]:
    """Where each of the queries that are joined by UNION starts and ends."""
    breaks = [i for i, token in enumerate(found) if token.upper in QUERY_BREAKS]
    return list(zip([0, *breaks], [*breaks, len(found)], strict=True))


def _expand_aliases(query: list[Token], edits: Edits) -> None:
    """Redshift knows the names of the result's columns in WHERE; PostgreSQL does not.

    A name that is also a column of a table means the column, in Redshift too.
    """
    aliases: dict[str, str] = {}
    where = next((i for i, token in enumerate(query) if token.upper == "WHERE"), len(query))
    depth, start = 0, 1
    for place, token in enumerate(query[:where]):
        depth += {"(": 1, ")": -1}.get(token.raw, 0)
        if depth == 0 and token.raw == "," or token.upper in ("SELECT", "FROM"):
            if token.upper == "FROM" and depth == 0:
                break
            start = place + 1
        elif depth == 0 and token.upper == "AS" and place + 1 < where:
            expression = edits.sql[query[start].start : query[place - 1].end]
            aliases[query[place + 1].name] = expression
    for place in range(where + 1, len(query)):
        token = query[place]
        if token.upper in CLAUSE_ENDS and token.raw != ")":
            return
        qualified = query[place - 1].raw == "."
        names_more = place + 1 < len(query) and query[place + 1].raw in (".", "(")
        if token.is_name and not qualified and not names_more and token.name in aliases:
            expression = aliases[token.name]
            if not re.search(rf"\b{re.escape(token.name)}\b", expression, re.IGNORECASE):
                edits.replace(token.start, token.end, f"({expression})")
