"""Reads SQL as far as the front needs: statements, first words, tokens. Never a full parse."""

import re
from functools import lru_cache
from typing import NamedTuple

_BREAKS = re.compile(
    r"""(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)   # text with escapes
    | '[^']*(?:'|\Z)                                # text; a doubled quote is two of these
    | "[^"]*(?:"|\Z)
    | --[^\n]*
    | /\*
    | (?<![\w$])\$(?:[^\W\d]\w*)?\$
    | ;""",
    re.VERBOSE | re.DOTALL,
)
_TEXTS = re.compile(
    r"""(?P<quoted>"[^"]*")
    | (?:'[^']*'|[\s\d.,()+-]+){20,}+                  # rows of VALUES
    | (?<![\w$])[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)
    | '[^']*(?:'|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_UNUSUAL = re.compile(r"/\*|\$[^\W\d]?\w*\$|--")
LONG_STATEMENT = 16_384
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_FIRST_WORDS = re.compile(
    r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/|\()*([A-Za-z_]+)(?:\s+([A-Za-z_]+))?", re.DOTALL
)
_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<text>(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<dollar>(?<![\w$])\$(?:[^\W\d]\w*)?\$)
    | (?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
    | (?P<word>\#?[^\W\d][\w$]*)
    | (?P<parameter>\$\d+)
    | (?P<symbol>::|<=|>=|<>|!=|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One piece of SQL that is neither space nor comment.

    Attributes:
        kind: word, quoted, text, number, parameter or symbol.
        raw: as it was written.
        start, end: where it stands in the statement.
    """

    kind: str
    raw: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The word in upper case; for a quoted name or a text, nothing that equals a keyword."""
        return self.raw.upper() if self.kind in ("word", "symbol") else ""

    @property
    def is_name(self) -> bool:
        return self.kind in ("word", "quoted")

    @property
    def name(self) -> str:
        """What the token names: without quotes."""
        return self.raw[1:-1].replace('""', '"') if self.kind == "quoted" else self.raw


def split(sql: str) -> list[str]:
    """The statements of a query string, in order, without the semicolons; empty ones left out."""
    if ";" not in sql or ";" not in outline(sql):
        return [sql]
    statements: list[str] = []
    start = position = 0
    while found := _BREAKS.search(sql, position):
        position = found.end()
        mark = found[0]
        if mark == ";":
            statements.append(sql[start : found.start()])
            start = position
        elif mark == "/*":
            position = _comment_end(sql, position)
        elif mark.startswith("$"):
            closing = sql.find(mark, position)
            position = len(sql) if closing < 0 else closing + len(mark)
    statements.append(sql[start:])
    return [one for one in statements if has_content(one)]


@lru_cache(maxsize=4)
def outline(sql: str) -> str:
    """What to search for words: a long statement without its texts and numbers.

    A statement with comments or dollar quotes is left whole: it takes longer, and no more.
    """
    if len(sql) < LONG_STATEMENT or _UNUSUAL.search(sql):
        return sql
    return _TEXTS.sub(lambda found: found["quoted"] or "''", sql)


def has_content(sql: str) -> bool:
    """Whether there is more than spaces and comments."""
    return bool(sql.strip()) and any(True for _ in tokens(sql, limit=1))


def first_words(sql: str) -> tuple[str, str]:
    """The first two words of a statement in upper case, empty where there is none."""
    found = _FIRST_WORDS.match(sql)
    if found is None:
        return "", ""
    return found[1].upper(), (found[2] or "").upper()


def tokens(sql: str, limit: int = -1) -> list[Token]:
    """The tokens of a statement, or the first few."""
    found: list[Token] = []
    position, end = 0, len(sql)
    while position < end and len(found) != limit:
        match = _TOKEN.match(sql, position)
        if match is None:
            break
        kind = str(match.lastgroup)
        stop = match.end()
        if kind == "comment":
            stop = _comment_end(sql, stop)
        elif kind == "dollar":
            closing = sql.find(match[0], stop)
            stop = end if closing < 0 else closing + len(match[0])
            found.append(Token("text", sql[position:stop], position, stop))
        elif kind != "space":
            found.append(Token(kind, match[0], position, stop))
        position = stop
    return found


def _comment_end(sql: str, position: int) -> int:
    """Where a comment ends whose inside starts here; comments nest."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, position)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position
