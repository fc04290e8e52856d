"""`python -m deployments plan` and `apply` as a person, CI and a pull request see them."""

import json
import subprocess

from tests.prefect.deployments.apply.workspace import Workspace


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command; nothing but its result is printed, and nothing in colour."""
    ended = workspace.made.run(
        *arguments, "--environment", "production", PREFECT_API_URL=workspace.direct.address.url
    )
    assert "\x1b" not in ended.stdout + ended.stderr
    return ended


def test_what_is_printed_and_the_status(workspace: Workspace) -> None:
    """Status 2 with something to do and 0 without, 1 for an error, whose message is the last
    line; each value that differs is told, live and wanted, and apply tells what it did."""
    made = workspace.made
    first = made.git("rev-parse", "HEAD")
    plan = run(workspace, "plan")
    assert (plan.returncode, plan.stderr) == (2, "")
    assert plan.stdout == (
        f"3 to create\n  orders  v1, {first[:12]}\n  people-of-today  v1, {first[:12]}\n"
        f"  reports  v1, {first[:12]}\n"
    )
    apply = run(workspace, "apply")
    assert apply.returncode == 0
    assert apply.stdout.splitlines()[-1] == "3 created."

    nothing = run(workspace, "plan")
    assert (nothing.returncode, nothing.stdout) == (0, "3 unchanged\n")

    live = workspace.read()[f"{made.project}--main--reports--production"]
    by_hand = {"description": "Mine | or\nnot"}
    workspace.direct.request("PATCH", f"/deployments/{live.id}", by_hand)
    made.edit("prefect.yaml", "parameters: {limit: 20}", "parameters: {limit: 30}")
    made.edit("prefect.yaml", '"0 6 * * *"', '"0 7 * * *"')
    second = made.commit()
    plan = run(workspace, "plan")
    assert plan.returncode == 2
    assert plan.stdout == (
        "1 to update\n"
        f"  orders  v1 → v2, {first[:12]} → {second[:12]}\n"
        "      parameters.limit: 20 → 30\n"
        "      schedules.daily.cron: 0 6 * * * → 0 7 * * *\n"
        "1 changed by hand, to put back\n"
        f"  reports  v1, {first[:12]}\n"
        "      description: Mine | or not → Write the reports.\n"
        "1 unchanged\n"
    )
    markdown = run(workspace, "plan", "--markdown")
    assert markdown.returncode == 2
    assert markdown.stdout == (
        "### Plan for production\n\n1 to update, 1 changed by hand, to put back, 1 unchanged\n\n"
        "|  | Deployment | Release | Changes |\n| --- | --- | --- | --- |\n"
        f"| update | orders | v1 → v2, {first[:12]} → {second[:12]} | parameters.limit: 20 → 30<br>"
        "schedules.daily.cron: 0 6 * * * → 0 7 * * * |\n"
        f"| drift | reports | v1, {first[:12]} | description: Mine \\| or not → Write the reports. |\n"
    )
    told = json.loads(run(workspace, "plan", "--json").stdout)
    assert told["counts"] == {
        "broken": 0,
        "create": 0,
        "update": 1,
        "drift": 1,
        "orphaned": 0,
        "unchanged": 1,
    }
    (orders,) = (each for each in told["deployments"] if each["name"] == "orders")
    assert {"field": "parameters.limit", "live": 20, "wanted": 30, "by_hand": False} in orders[
        "changes"
    ]
    assert orders["commit"] == second and orders["image"].endswith(second)

    wrong = run(workspace, "plan", "order")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    last = wrong.stderr.splitlines()[-1]
    assert last.startswith("ParameterInvalid: prefect.yaml has no deployment 'order'.")
    assert "orders" in last
    apply = run(workspace, "apply")
    assert apply.returncode == 0
    assert [line.rstrip() for line in apply.stdout.splitlines()] == [
        "reports was changed by hand; put back:",
        "      description: Mine | or not → Write the reports.",
        "          Deployment  Release",
        f"updated   orders      v1 → v2, {first[:12]} → {second[:12]}",
        f"put back  reports     v1, {first[:12]}",
        "1 put back, 1 unchanged, 1 updated.",
    ]
