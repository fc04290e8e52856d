"""Look at SQL text as Redshift reads it: where statements end, and what holds a result's order.

A tokenizer knows quotes, dollar quotes and comments; what stands between them is not understood
further, so any statement of Redshift passes, also those that no parser knows.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utilities.errors import ParameterInvalid

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_OPENING, _CLOSING = ("(", "["), (")", "]")


@dataclass(frozen=True)
class Statement:
    """One statement of a text.

    Attributes:
        text: as written, from its first word to its last, without the semicolon and without
            brackets around the whole.
        line: on which it begins, from 1.
        words: its bare words outside of brackets, in capitals.
    """

    text: str
    line: int
    words: tuple[str, ...]

    @property
    def keyword(self) -> str:
        """The word that says what the statement does; empty when it begins with a bracket."""
        return self.words[0] if self.words else ""

    @property
    def is_select(self) -> bool:
        """Whether it is a query, to which LIMIT can be added and which UNLOAD takes."""
        return self.keyword in ("SELECT", "WITH") or self.text.startswith("(")

    @property
    def is_ordered(self) -> bool:
        """Whether the rows of the result have an order."""
        return "ORDER" in self.words

    @property
    def is_limited(self) -> bool:
        """Whether the outermost SELECT has a limit, which UNLOAD refuses."""
        after_select = {"SELECT", "DISTINCT", "ALL"}
        top = any(
            word == "TOP" and before in after_select
            for before, word in zip(self.words, self.words[1:], strict=False)
        )
        return top or not {"LIMIT", "OFFSET", "FETCH"}.isdisjoint(self.words)


def split_statements(text: str, what: str) -> list[Statement]:
    """Return the statements of a text in order; comments between them belong to none.

    Args:
        what: where the text comes from; it begins the message of an error.

    Raises:
        ParameterInvalid: a quote or a comment is not closed.
    """
    # Loaded here: most processes that use the warehouse divide no text.
    from utilities.redshift.reading.sql_tokens import read_tokens

    statements: list[Statement] = []
    pending: list[Token] = []
    for token in read_tokens(text, what):
        if token.token_type.name == "SEMICOLON":
            statements += _statement(text, pending)
            pending = []
        else:
            pending.append(token)
    return statements + _statement(text, pending)


def single_statement(text: str, what: str) -> Statement:
    """Return the one statement of a text.

    Raises:
        ParameterInvalid: there is none, or more than one, or it cannot be read.
    """
    statements = split_statements(text, what)
    if len(statements) != 1:
        raise ParameterInvalid(
            f"{what}: found {len(statements)} statements, expected one. Run several with "
            "execute_sql_file."
        )
    return statements[0]


def _statement(text: str, tokens: "list[Token]") -> list[Statement]:
    while _is_bracketed(tokens):
        tokens = tokens[1:-1]
    if not tokens:
        return []
    start = tokens[0].start
    return [
        Statement(
            text=text[start : tokens[-1].end + 1],
            line=text.count("\n", 0, start) + 1,
            words=_outer_words(text, tokens),
        )
    ]


def _is_bracketed(tokens: "list[Token]") -> bool:
    """Say whether the first token is a bracket that the last one closes."""
    depth = 0
    for place, token in enumerate(tokens):
        kind = token.token_type.name
        depth += (kind == "L_PAREN") - (kind == "R_PAREN")
        if depth == 0:
            return place > 0 and place == len(tokens) - 1
    return False


def _outer_words(text: str, tokens: "list[Token]") -> tuple[str, ...]:
    words, depth = [], 0
    for token in tokens:
        written = text[token.start : token.end + 1]
        if written in _OPENING:
            depth += 1
        elif written in _CLOSING:
            depth -= 1
        elif depth == 0 and written[0].isalpha() and "'" not in written:
            words += written.upper().split()
    return tuple(words)
