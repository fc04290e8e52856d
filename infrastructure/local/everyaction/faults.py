"""Faults that are ordered: what goes wrong, for which calls, and how often."""

import json
import re
from dataclasses import dataclass
from typing import Any

from infrastructure.local.everyaction.store import Store

KINDS = {
    "status": r"^\w+ /v4/",
    "lost_answer": r"^\w+ /v4/",
    "late_answer": r"^\w+ /v4/",
    "refused_connection": r"^\w+ /v4/",
    "truncated_file": r"^GET /files/",
    "short_file": r"^GET /files/",
    "expired_link": r"^GET /files/",
    "wrong_count": r"^GET /v4/changedEntityExportJobs/\d+$",
    "job_error": r"^GET /v4/changedEntityExportJobs/\d+$",
}
"""Each kind with the calls that it hits when the order names none."""

OF_JOBS = frozenset({"wrong_count", "job_error"})
OF_CALLS = frozenset({"status", "lost_answer", "late_answer", "refused_connection"})
OF_FILES = frozenset(KINDS) - OF_JOBS - {"lost_answer"}
STATUSES = (429, 500, 502, 503)


@dataclass(frozen=True)
class Fault:
    """One fault that happens now; `details` as it was ordered."""

    kind: str
    details: dict[str, Any]


class Faults:
    """The orders, in the order in which they came; each call suffers one at most."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def order(self, wanted: dict[str, Any]) -> int:
        """Keep an order and return its number.

        Raises:
            ValueError: nothing like it can be ordered.
        """
        details = wanted["fault"]
        kind = details["kind"]
        if kind not in KINDS:
            raise ValueError(f"fault {kind!r} is unknown; expected one of {', '.join(KINDS)}")
        if kind == "status" and details.get("status") not in STATUSES:
            raise ValueError(f"status {details.get('status')!r}; expected one of {STATUSES}")
        pattern = re.compile(wanted.get("path") or KINDS[kind]).pattern
        values = (kind, json.dumps(details), pattern, wanted.get("skip", 0), wanted.get("times", 1))
        with self._store.transaction() as database:
            added = database.execute(
                "INSERT INTO faults (kind, details, pattern, skip, times) VALUES (?, ?, ?, ?, ?)",
                values,
            )
        return int(added.lastrowid or 0)

    def pending(self) -> list[dict[str, Any]]:
        """List the orders that are not used up."""
        rows = self._store.database.execute(
            "SELECT id, details, pattern, skip, times FROM faults ORDER BY id"
        )
        names = ("id", "fault", "path", "skip", "times")
        return [
            dict(zip(names, (number, json.loads(details), *rest), strict=True))
            for number, details, *rest in rows
        ]

    def forget(self) -> None:
        """Withdraw every order."""
        self._store.database.execute("DELETE FROM faults")

    def take(self, call: str, kinds: frozenset[str]) -> Fault | None:
        """Return what goes wrong with a call, and count it.

        Args:
            call: method and path.
            kinds: which kinds could happen here.
        """
        rows = self._store.database.execute(
            "SELECT id, kind, details, pattern, skip, times FROM faults ORDER BY id"
        )
        for number, kind, details, pattern, skip, times in rows.fetchall():
            if kind not in kinds or not re.search(pattern, call):
                continue
            if skip:
                self._change(number, "skip = skip - 1")
            elif times > 1:
                self._change(number, "times = times - 1")
                return Fault(kind, json.loads(details))
            else:
                self._store.database.execute("DELETE FROM faults WHERE id = ?", (number,))
                return Fault(kind, json.loads(details))
        return None

    def _change(self, number: int, change: str) -> None:
        self._store.database.execute(f"UPDATE faults SET {change} WHERE id = ?", (number,))
