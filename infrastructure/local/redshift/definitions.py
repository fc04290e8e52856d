"""CREATE, ALTER and DROP: which of them means what, and what is refused."""

import re

from infrastructure.local.redshift import alterations
from infrastructure.local.redshift.backend import Backend
from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, tokens
from infrastructure.local.redshift.refusals import literal, not_available, not_supported
from infrastructure.local.redshift.steps import Action, Forward, Settings, Step, encode
from infrastructure.local.redshift.translation import translate_statement
from infrastructure.local.redshift.translation.functions import translate_functions
from infrastructure.local.redshift.translation.navigation import navigate
from infrastructure.local.redshift.translation.spelling import spell_names
from infrastructure.local.redshift.translation.tables import translate_table

BEFORE_KIND = frozenset("CREATE DROP ALTER OR REPLACE TEMP TEMPORARY LOCAL GLOBAL".split())
PASSED_KINDS = frozenset(
    """VIEW MATERIALIZED SCHEMA USER GROUP ROLE FUNCTION PROCEDURE TABLE DEFAULT DATABASE""".split()
)
POSTGRES_KINDS = frozenset(
    """INDEX UNIQUE TRIGGER TYPE DOMAIN SEQUENCE EXTENSION RULE UNLOGGED FOREIGN SERVER CAST
    OPERATOR AGGREGATE COLLATION CONVERSION EVENT LANGUAGE PUBLICATION SUBSCRIPTION STATISTICS
    TABLESPACE POLICY TEXT ACCESS TRANSFORM RECURSIVE CONSTRAINT SYSTEM""".split()
)
LATE_BINDING = re.compile(r"\bWITH\s+NO\s+SCHEMA\s+BINDING\b", re.IGNORECASE)


def create(sql: str, settings: Settings) -> Step:
    """CREATE of any kind."""
    spelt = spell_names(sql, settings)
    kind = _kind(spelt)
    if kind == "TABLE":
        return _create_table(spelt)
    if kind == "DATABASE":
        raise not_available("CREATE DATABASE", "The local Redshift has one database.")
    if kind in ("VIEW", "MATERIALIZED") and LATE_BINDING.search(sql):
        raise not_available(
            "CREATE VIEW ... WITH NO SCHEMA BINDING",
            "Leave the clause out: the view is then bound to its tables.",
        )
    _refuse_kind("CREATE", kind)
    return Forward(encode(translate_statement(sql, settings)))


def alter(sql: str, settings: Settings) -> Step:
    """ALTER of any kind."""
    kind = _kind(sql)
    _refuse_kind("ALTER", kind)
    if kind == "TABLE":
        return alterations.alter_table(spell_names(sql, settings))
    return Forward(encode(spell_names(sql, settings)))


def drop(sql: str, settings: Settings) -> Step:
    """DROP of any kind."""
    _refuse_kind("DROP", _kind(sql))
    return Forward(encode(spell_names(sql, settings)))


def _create_table(spelt: str) -> Step:
    statement = translate_table(spelt)
    sql = navigate(translate_functions(statement.sql))
    if not statement.attributes.any:
        return Forward(encode(sql))
    attributes = statement.attributes

    async def run(sql: str, backend: Backend) -> str:
        async with backend.atomic():
            exists = await backend.query(
                f"SELECT to_regclass({literal(attributes.name)}) IS NOT NULL"
            )
            tag = await backend.command(sql)
            if exists == [("f",)] or "IF NOT EXISTS" not in " ".join(sql.upper().split()):
                await backend.query(attributes.record_sql())
        return tag

    return Action(sql, run)


def _kind(sql: str) -> str:
    """The first word behind CREATE, ALTER or DROP that tells what of."""
    found: list[Token] = tokens(sql, limit=6)
    return next((token.upper for token in found if token.upper not in BEFORE_KIND), "")


def _refuse_kind(verb: str, kind: str) -> None:
    if kind in POSTGRES_KINDS:
        raise not_supported(f"{verb} {kind}")
    if kind not in PASSED_KINDS:
        if not kind:
            raise FrontError("syntax error at end of input", sqlstate="42601")
        raise not_available(f"{verb} {kind}")
