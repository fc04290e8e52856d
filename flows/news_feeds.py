"""Load news feeds into a table: what is new since the last run, and what was edited.

Needs no credentials, so it is a good first flow. A feed that is down fails by itself.
"""

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from utilities.command_line import run
from utilities.tasks.feeds import (
    FeedOutcome,
    find_feeds,
    load_feed,
    publish_feeds,
    remember_feeds,
    require_feeds,
    wait_for_feeds,
)


@flow(
    name="news_feeds",
    task_runner=ThreadPoolTaskRunner(max_workers=4),  # type: ignore[arg-type]  # Prefect's typing
)
def news_feeds(feeds: tuple[str, ...] = (), table: str = "news.entries") -> list[FeedOutcome]:
    """Load the new and the edited entries of RSS, Atom and JSON feeds into a table.

    A feed that says that it has not changed is not read. One that fails does not keep the others
    out; the run fails at its end and names it.

    Args:
        feeds: address of a feed, or name=address; repeat it for several. Without any, those of
            NEWS_FEEDS, which is the place for addresses that hold a password or a key.
        table: target as schema.table; created when it does not exist.

    Returns:
        What came of each feed.
    """
    sources = find_feeds(feeds, table)
    runs = [load_feed.submit(source, table) for source in sources]
    outcomes = wait_for_feeds(sources, runs)
    remember_feeds(outcomes, table)
    publish_feeds(outcomes, table)
    require_feeds(outcomes, table)
    return outcomes


if __name__ == "__main__":
    run(news_feeds)
