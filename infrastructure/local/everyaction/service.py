"""Everything that the server knows, in one place."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from infrastructure.local.everyaction.call_log import CallLog
from infrastructure.local.everyaction.clock import Clock
from infrastructure.local.everyaction.faults import Faults
from infrastructure.local.everyaction.limit import Limit
from infrastructure.local.everyaction.links import Links
from infrastructure.local.everyaction.population import DEFAULT_PEOPLE, Population
from infrastructure.local.everyaction.store import Store

REQUESTS_PER_SECOND = 20
EXPORT_DEFAULTS: dict[str, Any] = {
    "file_kb": None,
    "delimiter": "comma",
    "bom": True,
    "pending_polls": 1,
    "in_process_polls": 2,
    "link_seconds": 20 * 86_400,
}
"""Links last 20 days: https://docs.everyaction.com/reference/changedentityexportjobs"""


class Service:
    """The parts of the server, and what can be ordered of it."""

    def __init__(self, folder: Path, key: str) -> None:
        self.key = key
        self.store = Store(folder)
        self.clock = Clock()
        self.clock.shift(self.store.setting("offset_seconds", 0))
        self.limit = Limit(self.store.setting("per_second", REQUESTS_PER_SECOND))
        self.faults = Faults(self.store)
        self.calls = CallLog(self.store)
        self.links = Links(self.store)
        self.people = Population(self.store, self.clock)
        self.under_way: dict[int, asyncio.Task[None]] = {}
        self.is_revoked = bool(self.store.setting("revoked", False))

    @property
    def files(self) -> Path:
        """Where exported files lie."""
        return self.store.folder / "files"

    @property
    def export_settings(self) -> dict[str, Any]:
        """How exports behave."""
        return {**EXPORT_DEFAULTS, **self.store.setting("export", {})}

    def set_limit(self, per_second: float | None) -> None:
        """Let in so many requests in any second; None: all."""
        self.limit.change(per_second)
        self.store.keep("per_second", per_second)

    def set_clock(self, offset_seconds: float) -> None:
        """Shift the server's time."""
        self.clock.shift(offset_seconds)
        self.store.keep("offset_seconds", offset_seconds)

    def set_revoked(self, revoked: bool) -> None:
        """Refuse the key, or accept it again."""
        self.is_revoked = revoked
        self.store.keep("revoked", revoked)

    def reset(self) -> None:
        """Be as on the first start."""
        for task in self.under_way.values():
            task.cancel()
        self.under_way.clear()
        shutil.rmtree(self.files, ignore_errors=True)
        self.store.clear()
        self.set_limit(REQUESTS_PER_SECOND)
        self.set_clock(0)
        self.set_revoked(False)
        self.links = Links(self.store)
        self.people.seed(DEFAULT_PEOPLE, drifts=True)
