"""Bring what changed at EveryAction into a Redshift table, again and again, without losing a row.

For every kind of record that the API exports: contacts, their history, codes, survey responses,
contributions and the rest. Each run reads from where the last one ended; records that became
inactive are deleted; a run that dies is finished by the next one.
"""

from typing import Annotated

from cyclopts import Parameter
from prefect import flow

from utilities.command_line import run
from utilities.tasks.changed_entities import (
    ExportOptions,
    check_api_access,
    default_table,
    export_changed_entities,
    publish_export,
)
from utilities.tasks.loading import Loaded, LoadOptions, load_table, read_watermark
from utilities.tasks.saved_lists import export_saved_list


@flow(name="van_changed_entities")
def van_changed_entities(
    resource_type: str = "Contacts",
    table: str | None = None,
    *,
    since: str | None = None,
    saved_list: int | None = None,
    ids: tuple[int, ...] = (),
    options: Annotated[ExportOptions, Parameter(name="*")] = ExportOptions(),
) -> Loaded:
    """Export what changed at EveryAction since the last run, and load it by its key.

    The first run reads the last 89 days; the API knows no more. For records that did not change
    since then, name a saved list or ids once.

    Args:
        resource_type: ActivistCodes, ContactHistory, Contacts, ContactsActivistCodes,
            ContactsOnlineForms, ContactsSurveyResponses, ContributionAdjustments, Contributions,
            EventTicketTransactionsGuests or RecurringContributions.
        table: target as schema.table; van.contacts for Contacts, and so on.
        since: date or time (ISO 8601, UTC) from which changes are read again; never later than
            where the last run ended.
        saved_list: exports the people of this saved list as well, changed or not.
        ids: exports the records with these ids as well; repeat it for several.
        options: fields, overlap, deadline and the like.

    Returns:
        What the load did.
    """
    target = table or default_table(resource_type)
    check_api_access()
    watermark = read_watermark(target)
    people = export_saved_list(saved_list) if saved_list is not None else None
    exported = export_changed_entities(
        resource_type, target, watermark, since=since, ids=people or ids, options=options
    )
    upsert = LoadOptions(
        mode="upsert",
        key=(exported.key,),
        deleted=exported.inactive,
        watermark=exported.changed_to,
    )
    loaded = load_table(exported.staged, target, upsert)
    publish_export(exported, loaded)
    return loaded


if __name__ == "__main__":
    run(van_changed_entities)
