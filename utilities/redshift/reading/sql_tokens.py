"""The tokens of SQL text as Redshift reads it.

A module of its own, so that sqlglot is loaded only where text is divided.
"""

from sqlglot.dialects.redshift import Redshift
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token

from utilities.errors import ParameterInvalid


class _Plain(Redshift):
    """Redshift, with the words after SHOW, CALL and the like as tokens too, not as one text."""

    class Tokenizer(Redshift.Tokenizer):
        COMMANDS = set()


def read_tokens(text: str, what: str) -> list[Token]:
    """Return what is neither space nor comment; start and end say where it stands in the text.

    Raises:
        ParameterInvalid: a quote or a comment is not closed.
    """
    try:
        return _Plain().tokenize(text)
    except TokenError:
        raise ParameterInvalid(
            f"{what}: the text could not be divided into statements: a quote, a dollar quote or a "
            "comment is not closed. Close it; a backslash in a text is written twice."
        ) from None
