"""Show how far long work is: a bar in a terminal, a progress artifact in Prefect."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

if TYPE_CHECKING:
    from rich.progress import Progress

ARTIFACT_INTERVAL_SECONDS = 3.0
"""Work that ends sooner leaves no artifact; longer work updates it this often."""

Counted = Literal["bytes", "items"]


@contextmanager
def reported(
    title: str,
    artifact_interval_seconds: float = ARTIFACT_INTERVAL_SECONDS,
    counted: Counted = "bytes",
) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes how much is done and how much there is, and shows it.

    Args:
        title: of the bar and of the artifact.
        artifact_interval_seconds: between two updates of the artifact.
        counted: what the numbers mean. For items rate and time left are told too; what is done at
            the first call counts as done before.
    """
    artifact = _Artifact(title, artifact_interval_seconds, counted)
    if not sys.stderr.isatty():
        yield artifact.update
        artifact.finish()
        return
    with _bar(counted) as bar:
        bar_id = bar.add_task(title, total=None)

        def update(done: int, total: int) -> None:
            bar.update(bar_id, completed=done, total=total)
            artifact.update(done, total)

        yield update
    artifact.finish()


def _bar(counted: Counted) -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:,.1f}/s")

    amounts: list[ProgressColumn] = [DownloadColumn()]
    if counted == "items":
        amounts = [MofNCompleteColumn(), RateColumn()]
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *amounts,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


class _Artifact:
    """A progress artifact that appears only when the work takes a while."""

    def __init__(self, title: str, interval_seconds: float, counted: Counted) -> None:
        self._title = title
        self._interval_seconds = interval_seconds
        self._counted = counted
        self._id: UUID | None = None
        self._began = time.monotonic()
        self._next = self._began + interval_seconds
        self._first: int | None = None
        self._last = (0, 0)
        self._lock = threading.Lock()

    def update(self, done: int, total: int) -> None:
        if self._first is None:
            self._first, self._began = done, time.monotonic()
        self._last = (done, total)
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
        description = self._description()
        if self._id is None:
            self._id = cast(UUID, create_progress_artifact(percent, description=description))
        else:
            update_progress_artifact(self._id, percent, description=description)

    def _description(self) -> str:
        if self._counted == "bytes":
            return self._title
        done, total = self._last
        moved = done - (self._first or 0)
        told = f"{self._title}: {done:,} of {total:,}"
        if moved <= 0:
            return told
        per_second = moved / max(time.monotonic() - self._began, 0.001)
        left = time_left((total - done) / per_second)
        return f"{told}, {per_second:,.1f} a second, {left}"


def time_left(seconds: float) -> str:
    """Return a duration as a person says it, such as `2 h 05 min left`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s left"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s left"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min left"
