"""The flow that frees what nothing needs, run the way a person runs it."""

import json
import os
import subprocess
from typing import Any

from infrastructure.local.stack import Stack
from tests.clients import ask, ask_prefect
from tests.prefect.programs import run

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/flows"
REJECTS = "old.people_rejects"
IN_USE = (
    "import json; from utilities.tasks.prefect_images import images_in_use; "
    "print(json.dumps(sorted(images_in_use())))"
)

PUBLISH = """
from prefect import flow
from utilities.tasks.maintenance import Freed, FreedKind, publish_freed

found = Freed("images that nothing uses", "repository", "images", 2, 3 << 20, False, "", ("a", "b"))
staged = Freed("files of loads", "s3://bucket/staging/", "objects", 1, 5 << 20, True)

@flow
def told():
    publish_freed([FreedKind("images", (found,), None), FreedKind("s", (staged,), None)], dry_run=False)

told()
"""


def environment(stack: Stack, **changed: str) -> dict[str, str]:
    """Nothing but the stack's variables, some of them changed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **stack.variables, "COLUMNS": "250", **changed}


def run_flow(stack: Stack, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m flows.maintenance`."""
    return run("-m", "flows.maintenance", *arguments, environment=environment(stack, **changed))


def newest_report(stack: Stack) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the title of the last report, and its rows by what they tell of; of rejects, those of
    this module's table."""
    title, rows = newest_artifact(stack, "maintenance")
    others = [row for row in rows if row["what"] != "rejected rows" or row["where"] == REJECTS]
    return title, {row["what"]: row for row in others}


def newest_artifact(stack: Stack, key: str) -> tuple[str, list[dict[str, str]]]:
    """Return description and rows of the last table of a key."""
    found = ask_prefect(stack, "/artifacts/filter", {"sort": "CREATED_DESC", "limit": 20})
    artifact = next(item for item in found if item["key"] == key)
    return artifact["description"], json.loads(artifact["data"])


def test_it_shows_first_and_removes_when_told(prefect_stack: Stack) -> None:
    """With nothing configured it is a dry run. Told to remove, it does what it has shown; a kind
    that fails does not keep the others out, and is the reason of the failed run."""
    reject_a_row(prefect_stack)
    shown = run_flow(prefect_stack)
    assert shown.returncode == 0, shown.stderr
    assert "Dry run, nothing was removed" in shown.stdout
    title, rows = newest_report(prefect_stack)
    assert title == "Dry run, nothing was removed: would free 0.0 MiB"
    assert rows["rejected rows"]["count"] == "1 row"
    assert rows["rejected rows"]["result"] == "would be removed"
    assert rows["results of runs"]["result"] == "RESULTS_BUCKET is not set"
    assert rows["images that nothing uses"]["result"] == "ECR_REPOSITORY is not set"
    assert ask(prefect_stack, f"SELECT COUNT(*) FROM {REJECTS}") == [(1,)]

    done = run_flow(prefect_stack, "--dry-run=false", RESULTS_BUCKET="no-such-bucket")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-2:]
    assert last[0] == "SourceNotFound: maintenance: 1 of 4 kinds failed, the others are done."
    assert last[1].startswith("  results: s3://no-such-bucket/results/: the bucket does not exist.")
    title, rows = newest_report(prefect_stack)
    assert title == "Freed 0.0 MiB"
    assert (rows["rejected rows"]["count"], rows["rejected rows"]["result"]) == (
        "1 row",
        "removed",
    )
    assert rows["results"]["result"].startswith("failed: s3://no-such-bucket/")
    assert ask(prefect_stack, f"SELECT COUNT(*) FROM {REJECTS}") == [(0,)]


def test_a_time_that_is_too_short_removes_nothing(prefect_stack: Stack) -> None:
    """Refused before anything is looked at, with what would be long enough."""
    done = run_flow(prefect_stack, "--dry-run=false", "--staging-days", "1")
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        "ParameterInvalid: staging_days is 1; expected at least 3, or 0 to keep everything. Nothing "
        "was removed."
    )


def test_images_are_told_by_name(prefect_stack: Stack) -> None:
    """So that a person can look at each before they are removed; the size of those that are only
    shown is not counted as freed."""
    done = run("-c", PUBLISH, environment=environment(prefect_stack))
    assert done.returncode == 0, done.stderr
    title, rows = newest_report(prefect_stack)
    assert title == "Freed 5.0 MiB"
    assert rows["images that nothing uses"]["result"] == "would be removed"
    assert newest_artifact(prefect_stack, "maintenance-images") == (
        "images that nothing uses: would be removed",
        [{"images": "a"}, {"images": "b"}],
    )


def test_which_images_are_in_use(prefect_stack: Stack) -> None:
    """Those of deployments, the default of a pool, and those of the versions that a deployment had
    before; not those of a deployment that is gone."""
    image = {number: f"{REPOSITORY}:{number:040x}" for number in range(30)}
    template = {
        "job_configuration": {"image": "{{ image }}"},
        "variables": {"properties": {"image": {"type": "string", "default": image[1]}}},
    }
    pool = {"name": "maintained", "type": "process", "base_job_template": template}
    ask_prefect(prefect_stack, "/work_pools/", pool)
    flow = ask_prefect(prefect_stack, "/flows/", {"name": "maintained"})["id"]
    for name, variables in (("live", {"image": image[2]}), ("imageless", {})):
        deployment = {"name": name, "flow_id": flow, "job_variables": variables}
        ask_prefect(prefect_stack, "/deployments/", deployment)
    # The oldest first, as they are written; the last ten of the live one count.
    keep_records(prefect_stack, *(("live", image[number]) for number in range(10, 22)))
    keep_records(prefect_stack, ("gone", image[29]), ("live", None))
    found = run("-c", IN_USE, environment=environment(prefect_stack))
    assert found.returncode == 0, found.stderr
    in_use = {each for each in json.loads(found.stdout) if each.startswith(REPOSITORY)}
    assert in_use == {image[1], image[2], *(image[number] for number in range(13, 22))}


def keep_records(stack: Stack, *versions: tuple[str, str | None]) -> None:
    """Leave a record of each version, as `python -m deployments` does."""
    for name, image in versions:
        variables = {"image": image} if image else {}
        record: dict[str, Any] = {"live_name": name, "fields": {"job_variables": variables}}
        artifact = {
            "key": "deployments-maintained-production",
            "type": "deployments",
            "data": {"records": [record]},
        }
        ask_prefect(stack, "/artifacts/", artifact)


def reject_a_row(stack: Stack) -> None:
    """Make a load of two years ago that has set a row aside."""
    made = run("-m", "flows.load_history", environment=environment(stack))
    assert made.returncode == 0, made.stderr
    ask(stack, "CREATE SCHEMA old")
    ask(
        stack,
        "CREATE TABLE old.people_rejects (load_id VARCHAR(36), record VARCHAR(100), "
        "rejected_at TIMESTAMP)",
    )
    ask(
        stack,
        "INSERT INTO old.people_rejects VALUES ('old', '{}', DATEADD(year, -2, GETDATE()))",
    )
    ask(
        stack,
        "INSERT INTO prefect_flows.loads (load_id, target, batch_key, source, mode, rows_staged, "
        "rows_inserted, rows_updated, rows_rejected, bytes_staged, columns_added, loaded_at, "
        "seconds) VALUES ('old', 'old.people', 'old', 'made', 'append', 1, 1, 0, 1, 0, '[]', "
        "DATEADD(year, -2, GETDATE()), 0.1)",
    )
