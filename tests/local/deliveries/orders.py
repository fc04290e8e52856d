"""The local EveryAction, as tests order it about."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from infrastructure.local.stack import Stack


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


def everyaction_of(stack: Stack) -> EveryAction:
    """The server of a stack."""
    return EveryAction(stack.variables["VAN_API_URL"].removesuffix("/v4/"))
