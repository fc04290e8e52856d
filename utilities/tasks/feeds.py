"""News feeds: which to read, each by itself, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.tasks import Task

from utilities.errors import (
    ApiUnavailable,
    FlowError,
    InvariantBroken,
    StorageUnavailable,
    TryAgain,
    WarehouseUnavailable,
)
from utilities.feeds import Feed, choose_feeds
from utilities.feeds.news import find_last_entries
from utilities.feeds.reads import FeedRead, Validators, Warehouse
from utilities.feeds.upserting import prepare_loads
from utilities.feeds.versions import find_validators, keep_validators
from utilities.objects import ObjectStore
from utilities.redshift import parse_table_name
from utilities.settings import load_settings
from utilities.tasks.files import expire_leftovers
from utilities.tasks.retries import PATIENTLY, RetryOptions
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "FeedOutcome",
    "FeedSource",
    "find_feeds",
    "load_feed",
    "publish_feeds",
    "remember_feeds",
    "require_feeds",
    "wait_for_feeds",
]

TEXTS = ("feed", "status", "reason")


def may_be_loaded_later(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Say whether warehouse or storage failed; a feed was already asked more than once."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, WarehouseUnavailable | StorageUnavailable)


WHEN_LOADING = RetryOptions(**{**PATIENTLY, "retry_condition_fn": may_be_loaded_later})


@dataclass(frozen=True)
class FeedSource:
    """A feed, and the version of it that its table has."""

    feed: Feed
    known: Validators


@dataclass(frozen=True)
class FeedOutcome:
    """How a feed fared: its name, and what was read, or else the error."""

    feed: str
    read: FeedRead | None
    error: BaseException | None


@task(task_run_name="find_feeds {table}", cache_policy=NO_CACHE, **PATIENTLY)
def find_feeds(feeds: Sequence[str], table: str) -> list[FeedSource]:
    """Return which feeds to read, and which version of each the table has.

    Args:
        feeds: addresses, each may follow `name=`; empty: those of NEWS_FEEDS.
        table: target as schema.table.

    Raises:
        ParameterInvalid: there are none, or one cannot be used.
    """
    settings = load_settings()
    warehouse = Warehouse(parse_table_name(table), settings)
    chosen = choose_feeds(feeds, settings)
    expire_leftovers(ObjectStore(settings), settings)
    prepare_loads(warehouse)
    known = find_validators(warehouse.table, settings)
    sources = [FeedSource(feed, known.get(feed.name, Validators())) for feed in chosen]
    read_before = sum(source.known != Validators() for source in sources)
    get_run_logger().info("%s: %s feeds, %s known", table, len(sources), read_before)
    return sources


@task(task_run_name="load_feed {source.feed.name}", cache_policy=NO_CACHE, **WHEN_LOADING)
def load_feed(source: FeedSource, table: str) -> FeedRead:
    """Read a feed when it has changed, and upsert its new and edited entries.

    Args:
        source: what `find_feeds` returned.
        table: target as schema.table; created when it does not exist.
    """
    # It imports requests and feedparser, for which other flows should not wait.
    from utilities.feeds.loading import load_new_entries

    warehouse = Warehouse(parse_table_name(table), load_settings(), flow_run.get_id())
    read = load_new_entries(source.feed, source.known, warehouse)
    logger = get_run_logger()
    if not read.is_modified:
        logger.info("%s: not modified", read.feed)
    else:
        logger.info("%s: %s new entries, %s changed", read.feed, read.new, read.changed)
    for note in read.notes:
        logger.warning("%s: %s", read.feed, note)
    return read


@task(cache_policy=NO_CACHE, **PATIENTLY)
def remember_feeds(outcomes: Sequence[FeedOutcome], table: str) -> None:
    """Keep which versions were read, after their entries were committed.

    Args:
        outcomes: of `wait_for_feeds`.
        table: target as schema.table; the versions go to schema.table_feeds.
    """
    warehouse = Warehouse(parse_table_name(table), load_settings(), flow_run.get_id())
    keep_validators([outcome.read for outcome in outcomes if outcome.read], warehouse)


@task(cache_policy=NO_CACHE, **PATIENTLY)
def publish_feeds(outcomes: Sequence[FeedOutcome], table: str) -> None:
    """Show what came of each feed, in the terminal and as a table artifact.

    Args:
        outcomes: of `wait_for_feeds`.
        table: target as schema.table; names the artifact.
    """
    last = find_last_entries(parse_table_name(table), load_settings())
    rows = [_row(outcome, last.get(outcome.feed)) for outcome in outcomes]
    new = sum(outcome.read.new for outcome in outcomes if outcome.read)
    failed = sum(outcome.error is not None for outcome in outcomes)
    title = f"{table}: {_count(new, 'new entry', 'new entries')} from {_count(len(rows), 'feed')}"
    title += f", {failed} failed" if failed else ""
    show_rows(title, rows, TEXTS)
    create_table_artifact(rows, key="feeds", description=title)


def wait_for_feeds(
    sources: Sequence[FeedSource], runs: Sequence[PrefectFuture[FeedRead]]
) -> list[FeedOutcome]:
    """Return how each feed fared, as soon as all are done; one that failed raises nothing here."""
    outcomes = []
    for source, run in zip(sources, runs, strict=True):
        result: Any = run.result(raise_on_failure=False)
        failed = isinstance(result, BaseException)
        outcomes.append(
            FeedOutcome(source.feed.name, None if failed else result, result if failed else None)
        )
    return outcomes


def require_feeds(outcomes: Sequence[FeedOutcome], table: str) -> None:
    """Raise when a feed failed, after all the others were loaded.

    Raises:
        ApiUnavailable: all that failed may answer later.
        FlowError: the class of the first failure that does not pass by itself.
    """
    errors = {each.feed: each.error for each in outcomes if each.error is not None}
    if not errors:
        return
    reasons = "\n".join(f"  {name}: {_reason(name, error)}" for name, error in errors.items())
    others = len(outcomes) - len(errors)
    raise _class_of(list(errors.values()))(
        f"{table}: {len(errors)} of {_count(len(outcomes), 'feed')} failed; "
        f"{_count(others, 'other')} loaded.\n{reasons}"
    )


def _class_of(errors: Sequence[BaseException]) -> type[FlowError]:
    lasting = [error for error in errors if not isinstance(error, TryAgain)]
    if not lasting:
        return ApiUnavailable
    return type(lasting[0]) if isinstance(lasting[0], FlowError) else InvariantBroken


def _row(outcome: FeedOutcome, last_entry: datetime | None) -> dict[str, str]:
    read = outcome.read
    told = {"feed": outcome.feed, "status": "failed", "new": "-", "changed": "-"}
    if read:
        status = "loaded" if read.new or read.changed else "nothing new"
        told |= {"status": status, "new": f"{read.new:,}", "changed": f"{read.changed:,}"}
    notes = "; ".join(read.notes) if read else _reason(outcome.feed, outcome.error)
    return {
        **told,
        "last entry": f"{last_entry:%Y-%m-%d %H:%M} UTC" if last_entry else "-",
        "not modified": "yes" if read and not read.is_modified else "-",
        "reason": notes or "-",
    }


def _reason(name: str, error: BaseException | None) -> str:
    """Return what went wrong, without the feed's name, which stands beside it.

    The text of an error that is not ours may hold an address with its credentials.
    """
    if not isinstance(error, FlowError):
        return f"{type(error).__name__}, see the log of its task run"
    return str(error).removeprefix(f"{name}: ")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"
