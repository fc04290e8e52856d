"""Every call that came, for tests: never a credential, never the signature of a link."""

import re
from typing import Any

from infrastructure.local.everyaction.store import Store

KEPT_CALLS = 200_000
"""Older ones are forgotten when the server starts."""

NO_ANSWER = 0
"""The status of a call whose connection was closed without an answer."""

_SIGNATURE = re.compile(r'("sourceUrl"\s*:\s*"[^"?]*)\?[^"]*')
"""The address of a file on S3, up to what lets its owner in."""


class CallLog:
    """The log of calls to the API and of downloads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.database.execute(
            "DELETE FROM calls WHERE id <= (SELECT max(id) FROM calls) - ?", (KEPT_CALLS,)
        )

    def add(
        self, method: str, path: str, query: str, status: int, body: bytes = b"", *, applied: bool
    ) -> None:
        """Add a call; `applied` says that it changed something."""
        text = None
        if body and method != "GET":
            text = _SIGNATURE.sub(r"\1?...", body.decode(errors="replace"))
        self._store.database.execute(
            "INSERT INTO calls (method, path, query, status, body, applied)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (method, path, query, status, text, applied),
        )

    def after(self, number: int) -> list[dict[str, Any]]:
        """List the calls that came after one."""
        rows = self._store.database.execute(
            "SELECT id, method, path, query, status, body, applied FROM calls"
            " WHERE id > ? ORDER BY id",
            (number,),
        )
        names = ("id", "method", "path", "query", "status", "body")
        return [dict(zip(names, row[:6], strict=True), applied=bool(row[6])) for row in rows]

    def count(self, path: str | None, status: int | None) -> int:
        """Count the calls with a status whose method and path match a regular expression."""
        rows = self._store.database.execute("SELECT method || ' ' || path, status FROM calls")
        pattern = re.compile(path or "")
        return sum(1 for call, found in rows if status in (None, found) and pattern.search(call))
