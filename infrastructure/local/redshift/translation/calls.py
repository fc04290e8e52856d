"""Finds a function call and its arguments among tokens."""

from dataclasses import dataclass

from infrastructure.local.redshift.reading import Token

DEPTH = {"(": 1, ")": -1, "[": 1, "]": -1}


@dataclass(frozen=True)
class Call:
    """A call: where its brackets stand among the tokens, and the tokens of each argument."""

    open: int
    close: int
    arguments: list[list[Token]]


def find_call(found: list[Token], place: int) -> Call | None:
    """The call whose name is the token at `place`; None when no bracket follows or it is open."""
    if place + 1 >= len(found) or found[place + 1].raw != "(":
        return None
    depth = 0
    arguments: list[list[Token]] = [[]]
    for position in range(place + 1, len(found)):
        token = found[position]
        depth += DEPTH.get(token.raw, 0)
        if depth == 0:
            kept = arguments if arguments != [[]] else []
            return Call(place + 1, position, kept)
        if position == place + 1:
            continue
        if depth == 1 and token.raw == ",":
            arguments.append([])
        else:
            arguments[-1].append(token)
    return None


def follows(found: list[Token], place: int, symbol: str) -> bool:
    """Whether this symbol is the next token."""
    return place + 1 < len(found) and found[place + 1].raw == symbol


def after_dot(found: list[Token], place: int) -> bool:
    """Whether the token is the later part of a dotted name."""
    return place > 0 and found[place - 1].raw == "."
