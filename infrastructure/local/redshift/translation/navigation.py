"""SUPER navigation: `l.name.first`, `l.terms[0].party`, and `FROM legislators l, l.terms t`.

A cheap look at the tokens tells whether a statement may hold any; only then it is parsed, to learn
which part of a dotted name is the table, and which the column.

Source: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
"""

import re

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.reading import Token, first_words, outline, tokens
from infrastructure.local.redshift.refusals import literal, not_available
from infrastructure.local.redshift.translation.chains import Chain, looks_navigated, read_chain
from infrastructure.local.redshift.translation.edits import Edits
from infrastructure.local.redshift.translation.scopes import (
    SCOPES,
    elements,
    parts_of,
    visible_names,
)

_SUSPECT = re.compile(r"[\w\"]\s*(?:\.\s*[^\W\d]|\.\s*\"|\[)")
_READS = re.compile(r"\b(?:SELECT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_DECLARES = re.compile(
    r"""\s*DECLARE\s+(?:"[^"]*"|[\w$]+)\s[\sA-Z]*?\bCURSOR\s[\sA-Z]*?\bFOR\b""", re.IGNORECASE
)
QUERY_WORDS = frozenset("SELECT WITH INSERT UPDATE DELETE MERGE CREATE EXPLAIN".split())
COMPARISONS = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Like,
    exp.ILike,
    exp.In,
    exp.Between,
)


def navigate(sql: str) -> str:
    """The statement with every navigation written with operators.

    Raises:
        FrontError: a list is indexed by something other than a number.
    """
    declared = _DECLARES.match(sql)
    if declared:
        return declared[0] + navigate(sql[declared.end() :])
    searched = outline(sql)
    if first_words(sql)[0] not in QUERY_WORDS or not _SUSPECT.search(searched):
        return sql
    if not _READS.search(searched):
        return sql
    found = tokens(sql)
    if not looks_navigated(found):
        return sql
    try:
        tree = parse_one(sql, read="redshift")
    except SqlglotError:
        return sql  # PostgreSQL says what is wrong with it
    return _Navigation(sql, found).translate(tree)


class _Navigation:
    """One statement on its way."""

    def __init__(self, sql: str, found: list[Token]) -> None:
        self.found = found
        self.edits = Edits(sql)
        self.places = {token.start: place for place, token in enumerate(found)}
        self.sources: set[int] = set()

    def translate(self, tree: exp.Expr) -> str:
        for scope in tree.find_all(*SCOPES):
            for source in elements(scope):
                self._unnest(source)
        for column in tree.find_all(exp.Column):
            start = _start(column)
            if start >= 0 and start not in self.sources:
                self._column(column, start)
        return self.edits.apply()

    def _unnest(self, source: exp.Column | exp.Table) -> None:
        """FROM ..., l.terms [AS] t [AT place]."""
        start = _start(source)
        if start not in self.places:
            return
        self.sources.add(start)
        chain = read_chain(self.found, self.places[start])
        rest = self.found[chain.last + 1 : chain.last + 5]
        if rest and rest[0].upper == "AS":
            rest = rest[1:]
        if not rest or not rest[0].is_name:
            raise FrontError("a list in FROM needs an alias", sqlstate="42601")
        value = self._written(chain, source)
        alias, end = rest[0].raw, rest[0].end
        function, columns = "super_elements", alias
        if len(rest) > 2 and rest[1].upper == "AT":
            function, end = "super_elements_at", rest[2].end
            columns = f"{alias}, {rest[2].raw}"
        self.edits.replace(start, end, f"pg_catalog.{function}({value}) AS {alias}({columns})")

    def _column(self, column: exp.Column, start: int) -> None:
        chain = read_chain(self.found, self.places[start]) if start in self.places else None
        if chain is None or chain.is_call:
            return
        names = visible_names(column)
        if self._depth(chain, names) >= len(chain.steps):
            if not names.get(chain.steps[0].name.lower()) or len(chain.steps) < 2:
                return
        outermost: exp.Expr = column
        while isinstance(outermost.parent, (exp.Dot, exp.Bracket)):
            if outermost.parent.this is not outermost:
                break
            outermost = outermost.parent
        text = self._written(chain, column) + _cast_for(outermost)
        self.edits.replace(start, self.found[chain.last].end, text)
        self._name_result(chain, outermost)

    def _depth(self, chain: Chain, names: dict[str, bool]) -> int:
        """How many names lead to the column."""
        first = chain.steps[0].name.lower()
        if first in names:
            return 1 if names[first] else 2
        if len(chain.names) > 2 and chain.names[1].lower() in names:
            return 3  # schema.table.column
        return 1

    def _written(self, chain: Chain, node: exp.Expr) -> str:
        """The navigation with operators."""
        names = visible_names(node)
        depth = self._depth(chain, names)
        base = ".".join(step.raw for step in chain.steps[:depth])
        if names.get(chain.steps[0].name.lower()):
            base = f"{base}.{base}"
        steps = chain.steps[depth:]
        return f"({base}{''.join(_operator(step) for step in steps)})" if steps else base

    def _name_result(self, chain: Chain, outermost: exp.Expr) -> None:
        """The result's column is called as the last name, also behind a cast."""
        holder = outermost.parent
        if isinstance(holder, exp.Cast):
            holder = holder.parent
        named = [step for step in chain.steps if step.is_name]
        if not isinstance(holder, exp.Select) or not named:
            return
        depth = 0
        for place in range(chain.last + 1, len(self.found) + 1):
            token = self.found[place] if place < len(self.found) else None
            depth += {"(": 1, ")": -1}.get(token.raw, 0) if token is not None else 0
            ends = (
                token is None or depth < 0 or depth == 0 and token.upper in (",", "FROM", "UNION")
            )
            if ends:
                name = named[-1].name.lower().replace('"', '""')
                self.edits.insert(self.found[place - 1].end, f' AS "{name}"')
                return


def _operator(step: Token) -> str:
    if step.is_name:
        name = step.raw.lower() if step.kind == "word" else step.name
        return f" -> {literal(name)}"
    if step.kind != "number":
        raise not_available(f"[{step.raw}], an index of SUPER that is no number,")
    return f" -> {step.raw}"


def _cast_for(node: exp.Expr) -> str:
    """What is compared with a text, a number or a truth value is read as one."""
    parent = node.parent
    if not isinstance(parent, COMPARISONS):
        return ""
    others = [other for other in parent.iter_expressions() if other is not node]
    if any(isinstance(other, exp.Literal) and other.is_string for other in others):
        return "::varchar"
    if any(isinstance(other, (exp.Literal, exp.Neg)) for other in others):
        return "::numeric"
    if any(isinstance(other, exp.Boolean) for other in others):
        return "::boolean"
    return ""


def _start(node: exp.Expr) -> int:
    """Where a dotted name stands in the statement; -1 when that is not known."""
    parts = parts_of(node)
    return int(parts[0].meta.get("start", -1)) if parts else -1
