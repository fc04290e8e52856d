"""What the front does with one statement."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infrastructure.local.redshift.backend import Backend


@dataclass
class Settings:
    """What a session has set and the front has to know.

    Attributes:
        case_sensitive: enable_case_sensitive_identifier; off, quoted names are folded as well.
    """

    case_sensitive: bool = False


@dataclass(frozen=True)
class Forward:
    """PostgreSQL answers it, as it is or translated.

    Attributes:
        sql: what PostgreSQL gets.
        alone: it opens or ends a transaction, so no other may be wrapped around it.
    """

    sql: bytes
    alone: bool = False


@dataclass(frozen=True)
class Action:
    """The front carries it out; `run` returns the command tag."""

    sql: str
    run: Callable[[str, Backend], Awaitable[str]]
    alone: bool = False


Step = Forward | Action


def encode(sql: str) -> bytes:
    """Statements are read as UTF-8; bytes that are not come out again as they came."""
    return sql.encode("utf-8", "surrogateescape")
