"""Apply codes to people at EveryAction, each once."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from utilities.deliveries import Delivered, DeliveryOptions, Wanted
from utilities.everyaction.writes import codes
from utilities.redshift.reading import Parameters
from utilities.tasks.delivering import (
    channel_of,
    deliver_to_everyaction,
    show_what_would_be_sent,
)
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "Delivered",
    "DeliveryOptions",
    "apply_codes",
]


@task(cache_policy=NO_CACHE, **PATIENTLY)
def apply_codes(
    query: str,
    parameters: Parameters | None = None,
    options: DeliveryOptions = DeliveryOptions(),
    *,
    dry_run: bool = False,
) -> Delivered:
    """Apply each code to each person once, across runs that die and runs at the same time.

    Args:
        query: one SELECT of `van_id` and `code_id`; equal rows are one.
        parameters: values for %s or %(name)s.
        options: leases, and whether refused items get another chance.
        dry_run: show what would be sent; nothing is sent or claimed.

    Returns:
        Counts. People who do not exist and codes that do not apply are set aside in
        prefect_flows.deliveries with the API's reason.
    """
    channel = channel_of("codes", codes.COLUMNS, codes.KEY, codes.KEY)
    wanted = Wanted(query, parameters)
    if dry_run:
        return show_what_would_be_sent(channel, wanted, options)
    return deliver_to_everyaction(
        channel,
        wanted,
        options,
        codes.apply_code,
        codes.has_code,
        where_to_look="the person's codes in EveryAction",
    )
