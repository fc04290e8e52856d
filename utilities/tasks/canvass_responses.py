"""Record contacts with people at EveryAction, each once."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from utilities.deliveries import Delivered, DeliveryOptions, Wanted
from utilities.everyaction.writes import canvass_responses
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
    "record_canvass_responses",
]


@task(task_run_name="record_canvass_responses {name}", cache_policy=NO_CACHE, **PATIENTLY)
def record_canvass_responses(
    query: str,
    name: str,
    parameters: Parameters | None = None,
    options: DeliveryOptions = DeliveryOptions(),
    *,
    dry_run: bool = False,
) -> Delivered:
    """Record each contact at most once. One whose request got no answer is set aside as unknown:
    nothing in the API tells whether it arrived, so that a person has to look.

    Args:
        query: one SELECT of `response_key` (a text of your own that names the contact, the same
            in every run) and `van_id`; if wanted `contact_type_id`, `input_type_id`,
            `date_canvassed` (a TIMESTAMP is UTC), and `result_code_id` or `responses` (a JSON list
            as the API takes it, as text).
        name: of the source, such as phone_bank; keys are told apart within it.
        parameters: values for %s or %(name)s.
        options: leases, and whether refused items get another chance.
        dry_run: show what would be sent; nothing is sent or claimed.
    """
    channel = channel_of(
        f"canvass_responses/{name}",
        canvass_responses.COLUMNS,
        canvass_responses.KEY,
        canvass_responses.REQUIRED,
    )
    wanted = Wanted(query, parameters)
    if dry_run:
        return show_what_would_be_sent(channel, wanted, options)
    return deliver_to_everyaction(
        channel,
        wanted,
        options,
        canvass_responses.record_canvass_response,
        None,
        where_to_look="the person's contact history in EveryAction",
    )
