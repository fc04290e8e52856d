"""`prefect deploy --all` and apply read the same prefect.yaml, and make the same of it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from deployments.live.reading import as_live
from tests.prefect.deployments.apply.workspace import Workspace

FLOWS = {"orders": "orders", "people-of-today": "people_of_today", "reports": "reports"}

ENVIRONMENTS = """
packages: [flows, shelf]
environments:
  plain:
    branch: main
    schedules: true
    pools: {ecs: ecs, process: process}
    image_repository: example.org/shop
"""


def test_every_field_is_the_same(workspace: Workspace, tmp_path: Path) -> None:
    """Every field that Prefect's own command writes has the same value after an apply to an
    environment that adds nothing; the tags, variables and image that tell the release come on
    top, and the version is ours."""
    made = workspace.made
    made.write("environments.yaml", ENVIRONMENTS)
    made.edit("prefect.yaml", "  - name: orders\n", f"  - name: orders\n{MORE}")
    # Without an anchor Prefect's command takes the time of each deploy for it.
    anchored = 'interval: 3600, anchor_date: "2026-01-01T00:00:00Z",'
    made.edit("prefect.yaml", "interval: 3600,", anchored)
    made.commit()
    for pool in ("ecs", "process"):
        address = f"{workspace.direct.address.url}/work_pools/"
        # Another test may have made it.
        httpx.post(address, json={"name": pool, "type": "process"})
    assert workspace.apply(environment="plain").is_as_wanted
    prefect_deploy(workspace, tmp_path)
    for name, flow in FLOWS.items():
        theirs = workspace.direct.request("GET", f"/deployments/name/{flow}/{name}")
        ours = workspace.raw(f"{made.project}--main--{name}--plain")
        expected, found = comparable(theirs, flow), comparable(ours, flow)
        release = [tag for tag in found["tags"] if "=" in tag]
        assert len(release) == 4
        found["tags"] = [tag for tag in found["tags"] if tag not in release]
        for own in ("env", "image"):
            found["job_variables"].pop(own, None)
        assert found == expected


def comparable(item: dict[str, Any], flow: str) -> dict[str, Any]:
    """Return a deployment without what tells one from another."""
    live = as_live(item, flow)
    schedules = [(each.slug, each.timing, each.active, each.parameters) for each in live.schedules]
    fields = {name: value for name, value in live.fields.items() if name != "version"}
    return {**fields, "schedules": schedules, "paused": live.paused, "flow_id": item["flow_id"]}


def prefect_deploy(workspace: Workspace, home: Path) -> None:
    """Run Prefect's command in the repository."""
    ended = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=workspace.made.root,
        env={
            **os.environ,
            "PREFECT_API_URL": workspace.direct.address.url,
            "PREFECT_HOME": str(home / "home"),
            "DO_NOT_TRACK": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


MORE = """\
    description: All of them.
    tags: [daily, money]
    paused: true
    enforce_parameter_schema: true
"""
