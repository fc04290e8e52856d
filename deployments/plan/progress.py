"""A bar while something takes long, for a person who waits."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from deployments.output import console

Advance = Callable[[object], None]
Progress = Callable[[str, int], AbstractContextManager[Advance]]
"""Gets what is done and how often; the block gets what is to be called each time."""


@contextmanager
def bar(label: str, total: int) -> Iterator[Advance]:
    """Show a bar on standard error; only in a terminal, and only when there is something to do."""
    where = console(stderr=True)
    if not total or not where.is_terminal:
        yield _nothing
        return
    from rich.progress import Progress as Bar  # only where there is one: it takes 20 ms

    with Bar(console=where, transient=True) as shown:
        task = shown.add_task(label, total=total)
        yield lambda done: shown.advance(task)


@contextmanager
def no_bar(label: str, total: int) -> Iterator[Advance]:
    """Show nothing."""
    yield _nothing


def _nothing(done: object) -> None:
    """Do nothing."""
