"""Create or change people at EveryAction, each once."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from utilities.deliveries import Delivered, DeliveryOptions, Wanted
from utilities.everyaction.writes import people
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
    "upsert_people",
]


@task(task_run_name="upsert_people {name}", cache_policy=NO_CACHE, **PATIENTLY)
def upsert_people(
    query: str,
    name: str,
    parameters: Parameters | None = None,
    options: DeliveryOptions = DeliveryOptions(),
    *,
    dry_run: bool = False,
) -> Delivered:
    """Create each person, or change the one whom EveryAction finds by the same details, once.

    The VanIDs are in prefect_flows.deliveries: `item` is the key, `answer` the VanID.

    Args:
        query: one SELECT of `person_key` (a text of your own that names the person and the version
            of the details, such as id/date) and of what is known: `van_id`, `first_name`,
            `middle_name`, `last_name`, `date_of_birth`, `email`, `phone`, `address_line1`, `city`,
            `state_or_province`, `zip_or_postal`, `country_code`, `employer`, `occupation`. A row
            that does not suffice to find the person again is set aside.
        name: of the source, such as signups; keys are told apart within it.
        parameters: values for %s or %(name)s.
        options: leases, and whether refused items get another chance.
        dry_run: show what would be sent; nothing is sent or claimed.
    """
    channel = channel_of(f"people/{name}", people.COLUMNS, people.KEY, people.KEY)
    wanted = Wanted(query, parameters)
    if dry_run:
        return show_what_would_be_sent(channel, wanted, options)
    return deliver_to_everyaction(
        channel,
        wanted,
        options,
        people.upsert_person,
        None,
        where_to_look="the person in EveryAction",
        is_repeatable=True,
    )
