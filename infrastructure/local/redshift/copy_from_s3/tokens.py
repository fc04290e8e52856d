"""Split a COPY or UNLOAD statement into tokens.

Both statements are flat lists of keywords and literals that PostgreSQL's grammar does not know,
so they are read here, with nothing but the standard library.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from infrastructure.local.redshift.errors import FrontError

SYNTAX_ERROR = "42601"

_TOKEN = re.compile(
    r"""
    (?P<blank>   \s+ | --[^\n]* | /\*.*?\*/ )
  | (?P<string>  '(?:[^']|'')*' )
  | (?P<dollar>  \$(?P<tag>[A-Za-z_]*)\$ (?P<body>.*?) \$(?P=tag)\$ )
  | (?P<quoted>  "(?:[^"]|"")*" )
  | (?P<number>  [+-]?\d+(?:\.\d+)? (?![\w]) )
  | (?P<word>    [^\W\d][\w$]*(?:-[\w$]+)* | \#[\w$]+ )
  | (?P<symbol>  [(),.;=] )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, repr=False)
class Token:
    """One token; `kind` is string, quoted, number, word or symbol, `text` its value.

    It has no representation on purpose: a string may be a credential.
    """

    kind: str
    text: str


class Tokens:
    """A cursor over the tokens of one statement; every complaint is Redshift's syntax error."""

    def __init__(self, sql: str) -> None:
        self._tokens: Sequence[Token] = tuple(_split(sql))
        self._position = 0

    @property
    def ended(self) -> bool:
        return self._position >= len(self._tokens)

    def peek(self) -> Token:
        """Return the next token without taking it; an empty symbol at the end."""
        return Token("symbol", "") if self.ended else self._tokens[self._position]

    def take(self) -> Token:
        token = self.peek()
        if self.ended:
            raise syntax_error(token)
        self._position += 1
        return token

    def accept(self, *words: str) -> bool:
        """Take the next token when it is one of the keywords or symbols."""
        token = self.peek()
        if token.kind in ("word", "symbol") and token.text.upper() in words:
            self._position += 1
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise syntax_error(self.peek())

    def string(self) -> str:
        if self.peek().kind != "string":
            raise syntax_error(self.peek())
        return self.take().text

    def number(self) -> str:
        if self.peek().kind != "number":
            raise syntax_error(self.peek())
        return self.take().text

    def identifier(self) -> str:
        """Return a name; one in quotes comes as the front spelled it, and keeps its case."""
        if self.peek().kind not in ("word", "quoted"):
            raise syntax_error(self.peek())
        token = self.take()
        return token.text if token.kind == "quoted" else token.text.lower()


def syntax_error(token: Token) -> FrontError:
    """Return the error for a token that has no place there; a literal's text is kept out."""
    if token == Token("symbol", ""):
        return FrontError("syntax error at end of input", sqlstate=SYNTAX_ERROR)
    shown = "'...'" if token.kind == "string" else token.text
    return FrontError(f'syntax error at or near "{shown}"', sqlstate=SYNTAX_ERROR)


def _split(sql: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        if match is None:
            raise syntax_error(Token("symbol", sql[position]))
        position = match.end()
        kind = str(match.lastgroup)
        if kind == "string":
            tokens.append(Token("string", match[0][1:-1].replace("''", "'")))
        elif kind == "dollar":
            tokens.append(Token("string", match["body"]))
        elif kind == "quoted":
            tokens.append(Token("quoted", match[0][1:-1].replace('""', '"')))
        elif kind != "blank":
            tokens.append(Token(kind, match[0]))
    while tokens and tokens[-1].text == ";" and tokens[-1].kind == "symbol":
        tokens.pop()
    return tokens
