"""Redshift's SQL as PostgreSQL understands it; what means the same on both stays as it is."""

from infrastructure.local.redshift.steps import Settings
from infrastructure.local.redshift.translation.functions import translate_functions
from infrastructure.local.redshift.translation.navigation import navigate
from infrastructure.local.redshift.translation.spelling import spell_names
from infrastructure.local.redshift.translation.system_tables import lead_to_views


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
    return lead_to_views(navigate(translate_functions(spell_names(sql, settings))))
