"""Order the local EveryAction about, and read what a table has to equal."""

import csv
import io
import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from infrastructure.local.stack import Stack
from tests.clients import ask

Row = tuple[Any, ...]
TIMEOUT_SECONDS = 120


class Server:
    """The local EveryAction of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._base = stack.variables["VAN_API_URL"].removesuffix("v4/") + "_local/"

    def order(self, method: str, order: str, /, **body: Any) -> Any:
        """Send an order and return the answer."""
        request = urllib.request.Request(
            self._base + order,
            data=json.dumps(body).encode() if body else None,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)

    def fault(self, kind: str, times: int = 1, path: str | None = None, **details: Any) -> None:
        """Order a fault."""
        self.order("POST", "faults", fault={"kind": kind, **details}, times=times, path=path)

    def jobs_asked_for(self) -> int:
        """Return how many export jobs were accepted so far."""
        return int(
            self.order("GET", "calls/count?path=/v4/changedEntityExportJobs&status=201")["count"]
        )

    def polls(self) -> int:
        """Return how often an export job was looked at so far."""
        path = r"/v4/changedEntityExportJobs/\d%2B$"
        return int(self.order("GET", f"calls/count?path={path}&status=200")["count"])

    def people(self) -> list[dict[str, str]]:
        """Return all people who are not suppressed, with all fields as an export would give them."""
        with urllib.request.urlopen(
            f"{self._base}people?fields=all", timeout=TIMEOUT_SECONDS
        ) as answer:
            text = answer.read().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    @contextmanager
    def seeded(self, people: int, file_kb: int, **export: Any) -> Iterator["Server"]:
        """Give the server a number of people and no limit; put it back to its first state after."""
        self.order("POST", "reset")
        try:
            self.order("PUT", "limit", per_second=None)
            self.order("PUT", "people", count=people)
            quick = {"pending_polls": 0, "in_process_polls": 0}
            self.order("PUT", "export", **{"file_kb": file_kb, **quick, **export})
            yield self
        finally:
            self.order("POST", "reset")


def difference(stack: Stack, table: str, expected: list[dict[str, str]]) -> str | None:
    """Say the first thing in which a table differs from rows as the server gives them."""
    names = list(expected[0])
    columns = ", ".join(f'"{_column(name)}"' for name in names)
    found = ask(stack, f"SELECT {columns} FROM {table} ORDER BY 1")
    if len(found) != len(expected):
        return f"{len(found)} rows in {table}, {len(expected)} at the server"
    for row, wanted in zip(found, expected, strict=True):
        for name, value in zip(names, row, strict=True):
            if value != _value(wanted[name], value):
                return f"{wanted[names[0]]}, {name}: {value!r} in {table}, {wanted[name]!r} there"
    return None


def _column(field: str) -> str:
    return field.lower().replace(" ", "_")


def _value(text: str, like: Any) -> Any:
    """Return a text of the server as a value of the table's kind."""
    if text == "":
        return None
    readers: Mapping[type, Any] = {
        bool: lambda said: {"true": True, "false": False}[said],
        int: int,
        float: float,
        Decimal: Decimal,
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
    }
    return readers.get(type(like), str)(text)
