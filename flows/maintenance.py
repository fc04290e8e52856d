"""Free what nothing needs any longer: staged files, results, images, details of old loads."""

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from utilities.command_line import run
from utilities.tasks.maintenance import (
    FreedKind,
    Retention,
    free_images,
    free_ledger_detail,
    free_results,
    free_staged,
    publish_freed,
    require_freed,
    wait_for_freed,
)


@flow(
    name="maintenance",
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]  # Prefect's typing
)
def maintenance(
    dry_run: bool = True,
    remove_images: bool = False,
    staging_days: int = 7,
    results_days: int = 90,
    images_days: int = 90,
    ledger_days: int = 365,
) -> list[FreedKind]:
    """Remove what is old and needed by nothing; show first what that would be.

    Files of loads that did not end, results of runs, images that no deployment names or goes back
    to, rejected rows, and ledger rows of loads that brought no rows. A number of days of 0 keeps
    everything of its kind. One kind that fails does not keep the others out.

    Args:
        dry_run: only show what would be removed.
        remove_images: remove images too; otherwise they are only shown, also without dry_run.
        staging_days: staged files stay so long after the last one of their load, at least 3.
        results_days: results stay so long.
        images_days: images stay so long after they were last pulled or pushed, at least 7.
        ledger_days: rejected rows and loads without rows stay so long, at least 30.

    Returns:
        What was removed, or would be.
    """
    keep = Retention(staging_days, results_days, images_days, ledger_days)
    images_dry_run = dry_run or not remove_images
    runs = {
        "staged files": free_staged.submit(keep, dry_run=dry_run),
        "results": free_results.submit(keep, dry_run=dry_run),
        "images": free_images.submit(keep, dry_run=images_dry_run),
        "ledger detail": free_ledger_detail.submit(keep, dry_run=dry_run),
    }
    kinds = wait_for_freed(runs)
    publish_freed(kinds, dry_run=dry_run)
    require_freed(kinds)
    return kinds


if __name__ == "__main__":
    run(maintenance)
