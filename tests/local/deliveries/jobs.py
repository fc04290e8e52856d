"""What is done in processes that a test kills: codes are applied, as the task does it."""

from utilities.deliveries import (
    Channel,
    Delivered,
    DeliveryOptions,
    Target,
    Wanted,
    deliver,
    require_lease,
)
from utilities.everyaction import Patience, connect
from utilities.everyaction.writes import codes
from utilities.settings import Settings

PATIENCE = Patience(attempts=6, connect_seconds=0.3, read_seconds=0.5, first_pause_seconds=0.02)
LONGEST_SECONDS = PATIENCE.connect_seconds + PATIENCE.read_seconds
OPTIONS = DeliveryOptions(lease_seconds=2, settle_seconds=0.1, block_seconds=0.3, wait_seconds=30.0)


def code_channel(name: str) -> Channel:
    """A channel of its own for a test."""
    return Channel(name, codes.COLUMNS, codes.KEY, codes.KEY)


def code_target(settings: Settings, longest_seconds: float = LONGEST_SECONDS) -> Target:
    """The local EveryAction, with little patience."""
    van = connect(settings, lambda: require_lease(longest_seconds), PATIENCE)
    return Target(
        send=lambda row: codes.apply_code(van, row),
        look=lambda row: codes.has_code(van, row),
        where_to_look="the person's codes",
        longest_seconds=longest_seconds,
    )


def deliver_codes(
    name: str, query: str, settings: Settings, options: DeliveryOptions = OPTIONS
) -> Delivered:
    """Apply the codes of a query."""
    return deliver(code_channel(name), Wanted(query), code_target(settings), settings, options)
