"""Redshift's SQL as PostgreSQL understands it; what means the same on both stays as it is."""

from functools import lru_cache

from infrastructure.local.redshift.steps import Settings
from infrastructure.local.redshift.translation.functions import translate_functions
from infrastructure.local.redshift.translation.navigation import navigate
from infrastructure.local.redshift.translation.spelling import spell_names
from infrastructure.local.redshift.translation.system_tables import lead_to_views

REMEMBERED_LENGTH = 4096
"""Clients repeat short statements; their translations are kept."""


def translate(sql: str) -> str:
    """A query as PostgreSQL understands it, with the settings of a new session.

    Raises:
        FrontError: it holds something that Redshift does not have, or the front cannot do.
    """
    return translate_statement(sql, Settings())


def translate_statement(sql: str, settings: Settings) -> str:
    """A statement that reads or changes rows, as PostgreSQL understands it.

    Raises:
        FrontError: it holds something that Redshift does not have, or the front cannot do.
    """
    if len(sql) > REMEMBERED_LENGTH:
        return _translate(sql, settings.case_sensitive)
    return _remembered(sql, settings.case_sensitive)


def _translate(sql: str, case_sensitive: bool) -> str:
    spelt = spell_names(sql, Settings(case_sensitive=case_sensitive))
    return lead_to_views(navigate(translate_functions(spelt)))


_remembered = lru_cache(maxsize=1024)(_translate)
