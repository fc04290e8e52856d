"""Put values into SQL text, and names.

Redshift has no bound parameters on psycopg2's protocol; the driver quotes each value for the
connection it goes to. https://www.psycopg.org/docs/usage.html#passing-parameters-to-sql-queries
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from utilities.errors import ParameterInvalid
from utilities.redshift.identifiers import identifier

Parameters = Sequence[Any] | Mapping[str, Any]
"""Values for %s in order, or for %(name)s by name; a tuple stands for the list of an IN."""


def bind(connection: Connection, text: str, parameters: Parameters | None, what: str) -> str:
    """Return a statement with its values quoted by the driver.

    Args:
        text: with %s or %(name)s where values go. With parameters, a percent sign that is none of
            these is written twice; without, the text stays as it is.
        what: it begins the message of an error, which shows no value.

    Raises:
        ParameterInvalid: placeholders and values do not go together.
    """
    if parameters is None:
        return text
    if isinstance(parameters, str | bytes):
        raise ParameterInvalid(
            f"{what}: parameters are a text; expected a tuple for %s, or a mapping for %(name)s."
        )
    try:
        with connection.cursor() as cursor:
            bound: bytes = cursor.mogrify(text, parameters)
    except KeyError as error:
        raise ParameterInvalid(
            f"{what}: %({error.args[0]})s has no value. Given: {_given(parameters)}."
        ) from None
    except (TypeError, IndexError, ValueError) as error:
        raise ParameterInvalid(
            f"{what}: the placeholders do not fit {_given(parameters)} ({error}). Write %s or "
            "%(name)s for each value, and %% for a percent sign."
        ) from None
    except psycopg2.ProgrammingError as error:
        raise ParameterInvalid(
            f"{what}: a value cannot be sent to Redshift ({error}). Pass numbers, texts, booleans, "
            "dates and times."
        ) from None
    return bound.decode()


def insert_names(
    connection: Connection, text: str, names: Mapping[str, str] | None, what: str
) -> str:
    """Return a text with each `{name}` replaced by an identifier, quoted.

    Args:
        names: identifiers by placeholder. Without any the text stays as it is; with them, a brace
            that is no placeholder is written twice, in quotes and comments too.

    Raises:
        ParameterInvalid: a placeholder has no name, or a name cannot be one.
    """
    if not names:
        return text
    quoted = {placeholder: identifier(name) for placeholder, name in names.items()}
    try:
        return sql.SQL(text).format(**quoted).as_string(connection)
    except KeyError as error:
        raise ParameterInvalid(
            f"{what}: {{{error.args[0]}}} has no identifier. Given: {_given(names)}. Write a brace "
            "that is no placeholder twice."
        ) from None
    except (ValueError, IndexError) as error:
        raise ParameterInvalid(
            f"{what}: a brace is not part of a placeholder ({error}). Write it twice."
        ) from None


def _given(parameters: Parameters) -> str:
    if isinstance(parameters, Mapping):
        return ", ".join(map(str, parameters)) or "nothing"
    return f"{len(parameters)} values"
