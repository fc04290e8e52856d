"""Export saved lists of EveryAction."""

from datetime import UTC, datetime

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.everyaction.polling import Polling
from utilities.everyaction.saved_lists import IDS_ALONE, SavedListExport, export_list
from utilities.objects import ObjectStore
from utilities.tasks.everyaction_access import connected
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "SavedListExport",
    "export_saved_list",
]


@task(task_run_name="export_saved_list {saved_list_id}", cache_policy=NO_CACHE, **PATIENTLY)
def export_saved_list(
    saved_list_id: int, job_type: int = IDS_ALONE, limit_seconds: float = 3600.0
) -> SavedListExport:
    """Export a saved list to S3, where `utilities.everyaction.saved_lists.read_ids` reads it.

    Args:
        saved_list_id: a list that is shared with the key's user.
        job_type: which columns, as the API's `exportJobTypes` lists them; VANIDs alone by default.
        limit_seconds: how long EveryAction may take.
    """
    van, settings = connected()
    moment = datetime.now(UTC)
    folder = f"s3://{settings.s3_temp_bucket}/staging/saved_lists/{moment:%Y%m%dT%H%M%S}/"
    polling = Polling(limit_seconds)
    exported = export_list(
        van, saved_list_id, folder, ObjectStore(settings), job_type=job_type, polling=polling
    )
    get_run_logger().info(
        "saved list %s (%s): %s people, %s bytes in %s",
        saved_list_id,
        exported.name,
        f"{exported.listed:,}",
        f"{exported.bytes:,}",
        exported.file,
    )
    return exported
