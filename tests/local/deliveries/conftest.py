"""Fixtures: orders to the local EveryAction, and pairs of people and codes that no test shares."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infrastructure.local.everyaction.catalog import CODES
from infrastructure.local.stack import Stack
from tests.local.warehouse import Ask, ask, settings

__all__ = ["ask", "settings"]

CODE_IDS = iter([code["codeId"] for code in CODES if code["codeType"] == "SourceCode"][100:])
"""Those before them belong to other tests and to the sample."""


@dataclass(frozen=True)
class EveryAction:
    """The local server, as tests order it about."""

    address: str

    def ask(self, path: str) -> Any:
        """GET below /_local."""
        return self._call("GET", path, None)

    def order(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """PUT, POST or DELETE below /_local."""
        return self._call(method, path, body or {})

    def fault(self, kind: str, path: str, times: int = 1, skip: int = 0, **details: Any) -> None:
        """Order a fault for calls whose method and path the pattern matches."""
        fault = {"kind": kind, **details}
        self.order("POST", "faults", {"fault": fault, "times": times, "path": path, "skip": skip})

    def applied(self, code_id: int) -> dict[int, int]:
        """How often a code was applied to each person, by VanID."""
        return {
            row["vanId"]: row["times"] for row in self.ask("applied") if row["codeId"] == code_id
        }

    def last_call(self) -> int:
        """The number of the last call so far."""
        calls = self.ask("calls")
        return calls[-1]["id"] if calls else 0

    def calls(self, after: int) -> list[dict[str, Any]]:
        """The calls since then."""
        found: list[dict[str, Any]] = self.ask(f"calls?after={after}")
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/_local/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def everyaction(stack: Stack) -> Iterator[EveryAction]:
    """The local server without a limit; as before afterwards."""
    server = EveryAction(stack.variables["VAN_API_URL"].removesuffix("/v4/"))
    server.order("PUT", "limit", {"per_second": None})
    yield server
    server.order("DELETE", "faults")
    server.order("PUT", "key", {"revoked": False})
    server.order("PUT", "limit", {"per_second": 20})


@pytest.fixture
def code_id() -> int:
    """A code that applies to people, and that no other test uses."""
    return int(next(CODE_IDS))


@pytest.fixture
def channel(code_id: int) -> str:
    """A channel of the test's own."""
    return f"test/codes/{code_id}"


@pytest.fixture
def pairs(code_id: int) -> Callable[[int], str]:
    """A query for so many people, each with the test's code."""

    def query(count: int) -> str:
        return f"SELECT van_id, {code_id} AS code_id FROM generate_series(1, {count}) AS p (van_id)"

    return query


@pytest.fixture
def states(ask: Ask, channel: str) -> Callable[[], dict[str, int]]:
    """How many items of the channel are in each state."""

    def count() -> dict[str, int]:
        return dict(
            (state, number)
            for state, number in ask(
                "SELECT state, COUNT(*) FROM prefect_flows.deliveries "
                f"WHERE channel = '{channel}' GROUP BY state"
            )
        )

    return count


@pytest.fixture
def reasons(ask: Ask, channel: str) -> Callable[[], dict[str, tuple[str, str]]]:
    """State and reason of the items that are not done."""

    def find() -> dict[str, tuple[str, str]]:
        return {
            item: (state, reason)
            for item, state, reason in ask(
                "SELECT item, state, reason FROM prefect_flows.deliveries "
                f"WHERE channel = '{channel}' AND state <> 'done'"
            )
        }

    return find
