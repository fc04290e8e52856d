"""Names as Redshift stores them: folded to lower case, up to 127 bytes, `#name` for temporary."""

import re

from infrastructure.local.redshift.names import POSTGRES_LIMIT_BYTES, shorten
from infrastructure.local.redshift.reading import Token, outline, tokens
from infrastructure.local.redshift.steps import Settings
from infrastructure.local.redshift.translation.edits import Edits

_SUSPECT = re.compile(
    rb'"[^"]*[A-Z][^"]*"' rb"|[\w$\x80-\xff]{64,}" rb'|"[^"]{64,}"' rb"|\#[A-Za-z_]"
)
_CASED = re.compile(r"[A-Z]")


def spell_names(sql: str, settings: Settings) -> str:
    """Every name in a statement as PostgreSQL has to get it.

    Raises:
        FrontError: a name is longer than Redshift allows.
    """
    if not _SUSPECT.search(outline(sql).encode("utf-8", "surrogateescape")):
        return sql
    edits = Edits(sql)
    for token in tokens(sql):
        spelt = spell(token, settings)
        if spelt != token.raw:
            edits.replace(token.start, token.end, spelt)
    return edits.apply()


def spell(token: Token, settings: Settings) -> str:
    """One name as PostgreSQL has to get it; any other token as it is."""
    if not token.is_name:
        return token.raw
    name = token.name
    long = len(name.encode("utf-8", "surrogateescape")) > POSTGRES_LIMIT_BYTES
    if token.kind == "word" and not long and not name.startswith("#"):
        return token.raw
    if token.kind == "word" or not settings.case_sensitive:
        folded = _CASED.sub(lambda found: found[0].lower(), name)
    else:
        folded = name
    if token.kind == "quoted" and folded == name and not long:
        return token.raw
    return '"' + shorten(folded).replace('"', '""') + '"'
