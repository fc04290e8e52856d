"""Dotted and indexed names among tokens: `l.terms[0].party`."""

from dataclasses import dataclass

from infrastructure.local.redshift.reading import Token

TABLE_WORDS = frozenset("FROM JOIN INTO UPDATE TABLE USING ONLY VIEW".split())
FROM_ENDS = frozenset("WHERE GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT SET SELECT".split())


@dataclass(frozen=True)
class Chain:
    """One such name.

    Attributes:
        steps: its names and indices, in order.
        last: place of its last token.
        is_call: whether it is the name of a function.
    """

    steps: list[Token]
    last: int
    is_call: bool

    @property
    def names(self) -> list[str]:
        """The names before the first index."""
        leading: list[str] = []
        for step in self.steps:
            if not step.is_name:
                break
            leading.append(step.name)
        return leading


def read_chain(found: list[Token], place: int) -> Chain:
    """The chain that starts at a name."""
    steps = [found[place]]
    last = place
    while last + 2 < len(found):
        symbol, following = found[last + 1].raw, found[last + 2]
        if symbol == "." and following.is_name:
            steps.append(following)
            last += 2
        elif symbol == "[" and last + 3 < len(found) and found[last + 3].raw == "]":
            steps.append(following)
            last += 3
        else:
            break
    is_call = last + 1 < len(found) and found[last + 1].raw == "("
    return Chain(steps, last, is_call)


def looks_navigated(found: list[Token]) -> bool:
    """Whether a statement may navigate; may err on the side of yes."""
    alone: set[str] = set()
    heads: set[str] = set()
    place = 0
    in_from: list[bool] = [False]
    while place < len(found):
        token = found[place]
        in_from = _follow_clauses(in_from, token)
        if not token.is_name:
            place += 1
            continue
        chain = read_chain(found, place)
        previous = found[place - 1].upper if place else ""
        if _suspicious(chain, previous, in_from[-1], alone):
            return True
        names = chain.names
        if len(names) == 1 or previous in TABLE_WORDS:
            alone.add(names[-1].lower())
        elif not chain.is_call:
            heads.add(names[0].lower())
        place = chain.last + 1
    return bool(heads - alone)


def _suspicious(chain: Chain, previous: str, in_from: bool, alone: set[str]) -> bool:
    if chain.is_call or len(chain.steps) == 1:
        return False
    if not all(step.is_name for step in chain.steps):
        return chain.steps[0].name.upper() != "ARRAY"
    if previous in TABLE_WORDS or in_from and previous == ",":
        return in_from and chain.steps[0].name.lower() in alone
    return len(chain.steps) > 2


def _follow_clauses(in_from: list[bool], token: Token) -> list[bool]:
    """Keep track, for each open bracket, of whether a FROM clause is being read."""
    word = token.upper
    if word == "(":
        return [*in_from, False]
    if word == ")" and len(in_from) > 1:
        return in_from[:-1]
    if word in ("FROM", "USING"):
        return [*in_from[:-1], True]
    if word in FROM_ENDS:
        return [*in_from[:-1], False]
    return in_from
