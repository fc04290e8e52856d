"""What is freed for good: each kind by itself, told together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from utilities import maintenance
from utilities.errors import FlowError, InvariantBroken, StorageUnavailable, TryAgain
from utilities.maintenance import Freed, Retention
from utilities.objects import ObjectStore
from utilities.settings import load_settings
from utilities.tasks.prefect_images import images_in_use
from utilities.tasks.retries import PATIENTLY
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "Freed",
    "FreedKind",
    "Retention",
    "free_images",
    "free_ledger_detail",
    "free_results",
    "free_staged",
    "publish_freed",
    "require_freed",
    "wait_for_freed",
]

TEXTS = ("what", "where", "result")
MIB = 1 << 20


@dataclass(frozen=True)
class FreedKind:
    """How one kind of things fared: what was freed, or else the error."""

    name: str
    freed: tuple[Freed, ...]
    error: BaseException | None


@task(cache_policy=NO_CACHE, **PATIENTLY)
def free_staged(retention: Retention, *, dry_run: bool) -> list[Freed]:
    """Remove what killed runs have left in the staging area.

    Args:
        retention: how long it stays.
        dry_run: only tell.
    """
    settings = load_settings()
    store = ObjectStore(settings)
    return maintenance.free_staged(
        settings, store, retention.staging_days, datetime.now(UTC), dry_run=dry_run
    )


@task(cache_policy=NO_CACHE, **PATIENTLY)
def free_results(retention: Retention, *, dry_run: bool) -> list[Freed]:
    """Remove old results of runs.

    Args:
        retention: how long they stay.
        dry_run: only tell.
    """
    settings = load_settings()
    store = ObjectStore(settings)
    days = retention.results_days
    return [maintenance.free_results(settings, store, days, datetime.now(UTC), dry_run=dry_run)]


@task(cache_policy=NO_CACHE, **PATIENTLY)
def free_images(retention: Retention, *, dry_run: bool) -> list[Freed]:
    """Remove images that nothing at Prefect names, and that nobody pulled for a while.

    Args:
        retention: how long is a while.
        dry_run: only tell.
    """
    settings, now = load_settings(), datetime.now(UTC)
    days = retention.images_days
    return [maintenance.free_images(settings, images_in_use, days, now, dry_run=dry_run)]


@task(cache_policy=NO_CACHE, **PATIENTLY)
def free_ledger_detail(retention: Retention, *, dry_run: bool) -> list[Freed]:
    """Remove old rejected rows, and ledger rows of loads that did nothing.

    Args:
        retention: how long they stay.
        dry_run: only tell.
    """
    days, now = retention.ledger_days, datetime.now(UTC)
    return maintenance.free_ledger_detail(load_settings(), days, now, dry_run=dry_run)


def wait_for_freed(runs: Mapping[str, PrefectFuture[list[Freed]]]) -> list[FreedKind]:
    """Return how each kind fared, as soon as all are done; one that failed raises nothing here.

    Args:
        runs: by the name of what is freed.
    """
    kinds = []
    for name, run in runs.items():
        said: Any = run.result(raise_on_failure=False)
        failed = isinstance(said, BaseException)
        kinds.append(FreedKind(name, () if failed else tuple(said), said if failed else None))
    return kinds


@task(cache_policy=NO_CACHE)
def publish_freed(kinds: Sequence[FreedKind], *, dry_run: bool) -> None:
    """Show what was freed, in the terminal and as a table artifact; images by name in another.

    Args:
        kinds: of `wait_for_freed`.
        dry_run: whether nothing was removed.
    """
    rows = [row for kind in kinds for row in _rows(kind)]
    freed = [each for kind in kinds for each in kind.freed]
    size = sum(each.bytes or 0 for each in freed if each.is_removed or dry_run)
    title = f"{'Dry run, nothing was removed: would free' if dry_run else 'Freed'} {_size(size)}"
    show_rows(title, rows, TEXTS)
    create_table_artifact(rows, key="maintenance", description=title)
    for each in (each for each in freed if each.examples):
        named = f"{each.what}: {_result(each)}"
        listed: list[dict[str, Any]] = [{each.unit: example} for example in each.examples]
        create_table_artifact(listed, key=f"maintenance-{each.unit}", description=named)
        for example in each.examples:
            get_run_logger().info("%s: %s", _result(each), example)


def require_freed(kinds: Sequence[FreedKind]) -> None:
    """Raise when a kind failed, after all the others were done.

    Raises:
        StorageUnavailable: all that failed may succeed later.
        FlowError: the class of the first failure that does not pass by itself.
    """
    errors = {kind.name: kind.error for kind in kinds if kind.error is not None}
    if not errors:
        return
    lasting = [error for error in errors.values() if not isinstance(error, TryAgain)]
    found = type(lasting[0]) if lasting else StorageUnavailable
    reasons = "\n".join(f"  {name}: {_reason(error)}" for name, error in errors.items())
    raise (found if issubclass(found, FlowError) else InvariantBroken)(
        f"maintenance: {len(errors)} of {len(kinds)} kinds failed, the others are done.\n{reasons}"
    )


def _rows(kind: FreedKind) -> list[dict[str, str]]:
    if kind.error is not None:
        told = f"failed: {_reason(kind.error)}"
        return [{"what": kind.name, "where": "-", "count": "-", "size": "-", "result": told}]
    return [
        {
            "what": each.what,
            "where": each.where,
            "count": f"{each.count:,} {each.unit if each.count != 1 else each.unit[:-1]}",
            "size": "-" if each.bytes is None else _size(each.bytes),
            "result": _result(each),
        }
        for each in kind.freed
    ]


def _result(freed: Freed) -> str:
    done = "removed" if freed.is_removed else "would be removed"
    told = [done if freed.count else "nothing" if not freed.note else "", freed.note]
    return "; ".join(part for part in told if part)


def _size(count: int) -> str:
    return f"{count / MIB:,.1f} MiB"


def _reason(error: BaseException) -> str:
    """The text of an error that is not ours may hold a credential."""
    if isinstance(error, FlowError):
        return str(error)
    return f"{type(error).__name__}, see the log of its task run"
