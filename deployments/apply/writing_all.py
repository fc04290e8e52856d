"""Many deployments written at the same time; one that fails does not stop the others."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

from deployments.apply.writing_one import Target, Written, write
from deployments.live.api import PrefectApi
from deployments.live.reading import PAGE, pages
from deployments.live.records import write_records
from deployments.records import Record
from utilities.errors import FlowError

THREADS = 8
"""More do not help: the server needs 70 ms of one processor for each new deployment."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Attempt:
    """What became of one target.

    Attributes:
        target: what it should be.
        written: what it is now; None when it failed.
        failure: why.
    """

    target: Target
    written: Written | None
    failure: FlowError | None


def write_all(
    api: PrefectApi,
    targets: Sequence[Target],
    records: Sequence[Record],
    on_done: Callable[[Attempt], None] = lambda attempt: None,
) -> list[Attempt]:
    """Keep the records of all changes, and then make them.

    Args:
        api: Prefect.
        targets: deployments of one project and environment.
        records: of those that are moved; what is only put back has one already.
        on_done: gets each attempt as it ends, in the thread of the caller.

    Returns:
        The attempts, in the order of the targets.

    Raises:
        PrefectUnavailable, PrefectRefused, AccessDenied: the records were not kept, so nothing
            was written.
    """
    if records:
        identity = targets[0].identity
        write_records(api, identity.project, identity.environment, records)

    free = _free_names(api, [target for target in targets if target.live is None])

    def attempt(target: Target) -> Attempt:
        try:
            is_free = target.live is None and target.identity.live_name in free
            return Attempt(target, write(api, target, is_free=is_free), None)
        except FlowError as error:
            return Attempt(target, None, error)

    return side_by_side(attempt, targets, on_done)


def _free_names(api: PrefectApi, new: Sequence[Target]) -> set[str]:
    """Return the names of new deployments that nobody has; asking for all at once is quicker."""
    names = [target.identity.live_name for target in new]
    taken: set[str] = set()
    for start in range(0, len(names), PAGE):
        some = {"name": {"any_": names[start : start + PAGE]}}
        taken.update(
            found["name"] for found in pages(api, "/deployments/filter", {"deployments": some})
        )
    return set(names) - taken


def side_by_side(
    work: Callable[[Item], Result], items: Iterable[Item], on_done: Callable[[Result], None]
) -> list[Result]:
    """Do something with each item in threads; stopped by hand, what has not begun is left out."""
    executor = ThreadPoolExecutor(THREADS)
    try:
        futures: list[Future[Result]] = [executor.submit(work, item) for item in items]
        for future in as_completed(futures):
            on_done(future.result())
    finally:
        executor.shutdown(cancel_futures=True)
    return [future.result() for future in futures]
