"""What the tasks that write to EveryAction share: the way there, progress, log lines."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from prefect import get_run_logger
from prefect.runtime import flow_run

from utilities.deliveries import (
    Channel,
    Delivered,
    DeliveryOptions,
    Row,
    Target,
    Wanted,
    deliver,
    preview,
    require_lease,
)
from utilities.everyaction import Patience, connect
from utilities.settings import Settings, load_settings
from utilities.tasks.pace import prefect_pace
from utilities.tasks.progress import reported
from utilities.tasks.shown_rows import show_rows

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

SHORTEST_PATIENCE_SECONDS = 30.0
"""With a server that is away, however short the lease."""

Columns = Mapping[str, str | None]
Write = Callable[["VAN", Row], str | None]
Look = Callable[["VAN", Row], bool]


def channel_of(
    kind: str, columns: Columns, key: tuple[str, ...], required: tuple[str, ...]
) -> Channel:
    """Return the channel of a kind of write: one of each database that a key may have."""
    return Channel(f"{load_settings().van_db}/{kind}", columns, key, required)


def deliver_to_everyaction(
    channel: Channel,
    wanted: Wanted,
    options: DeliveryOptions,
    write: Write,
    look: Look | None,
    *,
    where_to_look: str,
    is_repeatable: bool = False,
) -> Delivered:
    """Send the wanted items at the rate that all runs share, and say how it went.

    Args:
        write: sends one item.
        look: asks whether one has arrived; None when nothing tells.
        where_to_look: what a person looks at then.
        is_repeatable: sending twice has the effect of sending once.
    """
    settings = load_settings()
    patience = _patience_of(options)
    van = connect(settings, _leased_pace(settings, patience), patience)
    target = Target(
        send=lambda row: write(van, row),
        look=None if look is None else lambda row: look(van, row),
        where_to_look=where_to_look,
        longest_seconds=_longest_seconds(patience),
        is_repeatable=is_repeatable,
    )
    logger = get_run_logger()
    options = replace(options, flow_run=flow_run.get_id())
    with reported(channel.name, counted="items") as progress:
        delivered = deliver(
            channel, wanted, target, settings, options, progress=progress, say=logger.info
        )
    _log(delivered)
    return delivered


def show_what_would_be_sent(
    channel: Channel, wanted: Wanted, options: DeliveryOptions
) -> Delivered:
    """Show counts and the first items; nothing is sent or claimed."""
    found = preview(channel, wanted, load_settings(), options)
    counts = found.counts
    title = f"{channel.name}: {counts.open:,} of {counts.wanted:,} items would be sent"
    get_run_logger().info("%s; nothing was sent. The first of them:", title)
    show_rows("first items", found.first, texts=())
    return Delivered(
        channel=channel.name,
        wanted=counts.wanted,
        done_before=counts.done,
        done=0,
        done_elsewhere=0,
        refused=counts.refused,
        unknown=counts.unknown,
        left=counts.wanted - counts.settled,
        incomplete=found.incomplete,
        seconds=0.0,
    )


def _patience_of(options: DeliveryOptions) -> Patience:
    """Return a patience with a server that is away which ends before the lease does."""
    patience = Patience()
    spare_seconds = (options.lease_seconds - _longest_seconds(patience)) / 2
    return replace(patience, total_seconds=max(SHORTEST_PATIENCE_SECONDS, spare_seconds))


def _leased_pace(settings: Settings, patience: Patience) -> Callable[[], None]:
    """Return the shared pace, which lets nothing pass that might outlast its item's lease."""
    pace = prefect_pace(settings)

    def wait() -> None:
        pace()
        require_lease(_longest_seconds(patience))

    return wait


def _longest_seconds(patience: Patience) -> float:
    return patience.connect_seconds + patience.read_seconds


def _log(delivered: Delivered) -> None:
    logger = get_run_logger()
    logger.info(
        "%s: %s sent, %s done before, %s by other runs, %s refused, %s unknown, %s left",
        delivered.channel,
        *(
            f"{number:,}"
            for number in (
                delivered.done,
                delivered.done_before,
                delivered.done_elsewhere,
                delivered.refused,
                delivered.unknown,
                delivered.left,
            )
        ),
    )
    for item, reason in delivered.first_set_aside:
        logger.warning("%s: %s: %s", delivered.channel, item, reason)
    if delivered.incomplete:
        logger.warning(
            "%s: %s rows of the query lack a value and were left out",
            delivered.channel,
            f"{delivered.incomplete:,}",
        )
