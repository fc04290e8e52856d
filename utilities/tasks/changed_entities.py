"""Export what changed at EveryAction, whole or not at all, and tell what a run has brought."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from utilities.everyaction import check_access
from utilities.everyaction.exports import (
    Exported,
    ExportOverdue,
    Target,
    Waiting,
    Watch,
    Wish,
    default_table,
    export,
    plan_export,
)
from utilities.everyaction.saved_lists import SavedListExport, read_ids
from utilities.objects import ObjectStore
from utilities.redshift import parse_table_name, table_columns
from utilities.references import Loaded
from utilities.tasks.everyaction_access import connected
from utilities.tasks.files import expire_leftovers, staging_prefix
from utilities.tasks.progress import reported
from utilities.tasks.retries import PATIENTLY, RetryOptions, may_succeed_later
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "ExportOptions",
    "Exported",
    "check_api_access",
    "default_table",
    "export_changed_entities",
    "publish_export",
]

TEXTS = ("what", "found")


@dataclass(frozen=True)
class ExportOptions:
    """How changes are exported.

    Attributes:
        fields: names of fields to export beyond the core ones, custom fields too; empty for all.
        overlap_minutes: what is read again before the point that the last load has reached.
        deadline_minutes: how long the API may take; the job stays remembered for the next run.
        inactive_field: boolean field that marks records to delete, instead of IsSuppressed or
            IsDeleted.
        key_field: field that identifies a record, instead of the usual one.
    """

    fields: tuple[str, ...] = ()
    overlap_minutes: float = 60.0
    deadline_minutes: float = 120.0
    inactive_field: str | None = None
    key_field: str | None = None


def _is_worth_another_try(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Say whether a retry may help; a deadline that has passed is the whole run's."""
    if isinstance(state.result(raise_on_failure=False), ExportOverdue):
        return False
    return may_succeed_later(task, run, state)


_RETRIES: RetryOptions = {**PATIENTLY, "retry_condition_fn": _is_worth_another_try}


@task(cache_policy=NO_CACHE)
def check_api_access() -> None:
    """Fail early when EveryAction refuses the key, or the key has not the database of VAN_DB.

    An API that does not answer is asked for about a minute and a half, and not after that: nothing
    has been done yet.
    """
    van, settings = connected()
    check_access(van, settings)


@task(task_run_name="export {resource_type} to {table}", cache_policy=NO_CACHE, **_RETRIES)
def export_changed_entities(
    resource_type: str,
    table: str,
    watermark: str | None,
    *,
    since: str | None = None,
    ids: Sequence[int] | SavedListExport = (),
    options: ExportOptions = ExportOptions(),
) -> Exported:
    """Export what changed, every file of it, as one batch whose rows were counted.

    A run that died is resumed: its job is remembered, and what was downloaded is not asked for
    again. An export that is not whole leaves nothing; a new one is asked for.

    Args:
        resource_type: such as Contacts.
        table: target as schema.table; its columns are looked up here.
        watermark: what `read_watermark` returned; None before the first load.
        since: earlier start, ISO 8601.
        ids: records that are exported in any case: their ids, or what `export_saved_list` returned.
        options: fields, overlap, deadline and the like.
    """
    van, settings = connected()
    store = ObjectStore(settings)
    expire_leftovers(store, settings)
    wish = Wish(
        resource_type=resource_type,
        table=table,
        watermark=watermark,
        since=since,
        ids=tuple(read_ids(ids.file, store) if isinstance(ids, SavedListExport) else ids),
        fields=options.fields,
        overlap=timedelta(minutes=options.overlap_minutes),
        key_field=options.key_field,
        inactive_field=options.inactive_field,
    )
    request, kinds = plan_export(van, wish)
    target = Target(
        f"{staging_prefix(table, settings)}export/",
        table_columns(parse_table_name(table), settings),
        kinds,
    )
    waiting = Waiting(options.deadline_minutes * 60)
    exported = export(van, request, target, store, _watch(), waiting)
    for note in exported.notes:
        get_run_logger().warning("%s: %s", exported.staged.source, note)
    return exported


def _watch() -> Watch:
    logger = get_run_logger()

    def progress(title: str) -> AbstractContextManager[Any]:
        return reported(title)

    return Watch(say=logger.info, progress=progress)


@task(cache_policy=NO_CACHE)
def publish_export(exported: Exported, loaded: Loaded) -> None:
    """Show what an export has brought into its table, in the terminal and as a table artifact.

    Args:
        exported: what `export_changed_entities` returned.
        loaded: what `load_table` returned for it.
    """
    found = {
        "changed from": exported.changed_from,
        "changed to": exported.changed_to,
        "jobs": ", ".join(map(str, exported.job_ids)),
        "files": f"{exported.files:,}",
        "rows": f"{exported.staged.rows:,}",
        "inserted": f"{loaded.rows_inserted:,}",
        "updated": f"{loaded.rows_updated:,}",
        "deleted": f"{loaded.rows_deleted:,}",
        "new columns": ", ".join(loaded.columns_added) or "-",
        "watermark": loaded.watermark or "-",
    }
    rows = [{"what": what, "found": value} for what, value in found.items()]
    title = f"{loaded.table}: {exported.resource} from EveryAction"
    show_rows(title, rows, TEXTS)
    key = re.sub(r"[^a-z0-9]+", "-", loaded.table.lower()).strip("-")
    create_table_artifact(rows, key=key, description=title)
