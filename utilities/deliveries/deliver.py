"""Deliver the wanted items of a channel, each at most once, whatever dies on the way.

The main thread claims blocks and writes what became of the ones before, in one small transaction
each; a few threads send. A run that ends by an error or a signal writes what it knows and gives
back what it has not sent. What a killed run leaves is taken over when its lease has run out, and
is looked up in the other system before it is sent again.
"""

import time
from uuid import uuid4

from utilities.deliveries.channel import Channel, Wanted
from utilities.deliveries.options import DeliveryOptions
from utilities.deliveries.outcomes import Delivered, Preview
from utilities.deliveries.run import Progress, Run, Say
from utilities.deliveries.session import Session
from utilities.deliveries.states import Origin
from utilities.deliveries.target import Target
from utilities.errors import ParameterInvalid
from utilities.settings import Settings

SHOWN = 10


def deliver(
    channel: Channel,
    wanted: Wanted,
    target: Target,
    settings: Settings,
    options: DeliveryOptions = DeliveryOptions(),
    progress: Progress = lambda done, total: None,
    say: Say = lambda line: None,
) -> Delivered:
    """Send every wanted item that no run has sent.

    Args:
        channel: what an item is made of, and the name under which it is known.
        wanted: which items.
        target: how one is sent.
        options: leases, blocks, and whether refused items get another chance.
        progress: called with the wanted items that are settled, by any run, and all of them.
        say: gets a line for a person when the run has to wait for others.

    Returns:
        Counts. `left` is not 0 when other runs kept their claims for longer than we wait.

    Raises:
        ParameterInvalid, KeyInvalid, QueryRefused: the options or the query; nothing was sent.
        AccessDenied, ApiUnavailable: the other system; what was sent is written down.
        WarehouseUnavailable: it could not be reached for long; what could not be written down is
            looked up by the next run.
    """
    _require_long_lease(channel, target, options)
    started = time.monotonic()
    with Session(settings, channel, wanted, _origin(channel, settings, options)) as session:
        before = session.counts()
        run = Run(session, target, options, before, progress, say)
        run.work()
        after = session.counts()
        return Delivered(
            channel=channel.name,
            wanted=after.wanted,
            done_before=before.done,
            done=run.done,
            done_elsewhere=after.done - before.done - run.done,
            refused=after.refused,
            unknown=after.unknown,
            left=after.wanted - after.settled,
            incomplete=session.incomplete,
            seconds=time.monotonic() - started,
            first_set_aside=session.set_aside(SHOWN),
        )


def preview(
    channel: Channel,
    wanted: Wanted,
    settings: Settings,
    options: DeliveryOptions = DeliveryOptions(),
) -> Preview:
    """Return what a delivery would do; nothing is sent or claimed."""
    with Session(settings, channel, wanted, _origin(channel, settings, options)) as session:
        counts = session.counts()
        return Preview(counts, session.incomplete, session.first_open(SHOWN))


def _require_long_lease(channel: Channel, target: Target, options: DeliveryOptions) -> None:
    if options.lease_seconds <= target.longest_seconds:
        raise ParameterInvalid(
            f"{channel.name}: lease_seconds is {options.lease_seconds}; expected more than the "
            f"{target.longest_seconds:g} s that one request may take. Nothing was sent."
        )


def _origin(channel: Channel, settings: Settings, options: DeliveryOptions) -> Origin:
    return Origin(
        channel=channel.name,
        owner=str(uuid4()),
        retry_refused=options.retry_refused,
        deployment=settings.deployment_name,
        commit_hash=settings.commit_hash,
        flow_run=options.flow_run,
    )
