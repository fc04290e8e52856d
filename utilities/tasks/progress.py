"""Show how far long work is: a bar in a terminal, a progress artifact in Prefect."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

ARTIFACT_INTERVAL_SECONDS = 3.0
"""Work that ends sooner leaves no artifact; longer work updates it this often."""


@contextmanager
def reported(
    title: str, artifact_interval_seconds: float = ARTIFACT_INTERVAL_SECONDS
) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes the bytes done and the bytes in all, and shows them."""
    artifact = _Artifact(title, artifact_interval_seconds)
    if not sys.stderr.isatty():
        yield artifact.update
        artifact.finish()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        bar_id = bar.add_task(title, total=None)

        def update(done: int, total: int) -> None:
            bar.update(bar_id, completed=done, total=total)
            artifact.update(done, total)

        yield update
    artifact.finish()


class _Artifact:
    """A progress artifact that appears only when the work takes a while."""

    def __init__(self, title: str, interval_seconds: float) -> None:
        self._title = title
        self._interval_seconds = interval_seconds
        self._id: UUID | None = None
        self._next = time.monotonic() + interval_seconds
        self._lock = threading.Lock()

    def update(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next or not total:
            return
        with self._lock:
            self._next = now + self._interval_seconds
            self._show(min(100.0, 100.0 * done / total))

    def finish(self) -> None:
        if self._id is not None:
            self._show(100.0)

    def _show(self, percent: float) -> None:
        if self._id is None:
            self._id = cast(UUID, create_progress_artifact(percent, description=self._title))
        else:
            update_progress_artifact(self._id, percent)
