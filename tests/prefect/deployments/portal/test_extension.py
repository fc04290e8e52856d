"""The folder `.acme_portal_sdk/`, loaded and called as the acme-portal extension does it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployments.catalog.finding import find_flows
from tests.made_repository import REPOSITORY, MadeRepository

SDK = ".acme_portal_sdk"

CALL = f"""
import importlib, json, os, sys

module, kind, wanted = sys.argv[1:]
sys.path.insert(0, os.path.join(os.getcwd(), {SDK!r}))
found = vars(importlib.import_module(module)).values()
kind = getattr(importlib.import_module("acme_portal_sdk"), kind)
(callable,) = [value for value in found if isinstance(value, kind)]
print(json.dumps(callable(**json.loads(wanted))))
"""
"""What the extension's own script does, which finds the objects by their class:
https://github.com/blackwhitehere/acme-portal/blob/main/src/scripts/sdk_object_runner.py"""

CHECK = "import sys, acme_portal_sdk; sys.argv = ['aps', 'check-config']; acme_portal_sdk.main()"


def call(root: Path, module: str, kind: str, **wanted: Any) -> Any:
    """Call the object of a class in a module, in a process whose working folder is the root."""
    done = run(root, CALL, module, kind, json.dumps(wanted))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def run(root: Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script as an editor would: the repository is not on Python's path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-P", "-c", script, *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def project(repository: MadeRepository) -> MadeRepository:
    """The made repository with the folder of this one, and with what that imports."""
    shutil.copytree(REPOSITORY / SDK, repository.root / SDK)
    for package in ("deployments", "utilities"):
        (repository.root / package).symlink_to(REPOSITORY / package)
    repository.commit()
    return repository


def test_the_sdk_finds_everything() -> None:
    """Its own check of a project has nothing to say about this one."""
    done = run(REPOSITORY, CHECK)
    assert done.returncode == 0, done.stdout
    assert "Configuration is complete" in done.stdout


def test_the_flows_of_this_repository_are_found() -> None:
    """All of them, or those that were asked for again."""
    flows = call(REPOSITORY, "flow_finder", "FlowFinder")
    assert [flow["id"] for flow in flows] == [
        flow.entrypoint for flow in find_flows(REPOSITORY).flows
    ]
    again = call(REPOSITORY, "flow_finder", "FlowFinder", flows_to_fetch=flows[1:2])
    assert again == flows[1:2]
    assert call(REPOSITORY, "flow_finder", "FlowFinder", flow_groups=["nothing"]) == []


def test_a_flow_is_deployed_promoted_and_shown(project: MadeRepository) -> None:
    """What the extension's buttons send, with what it adds of the flow; and its refusals are what a
    person reads."""
    (flow,) = [
        each for each in call(project.root, "flow_finder", "FlowFinder") if each["name"] == "orders"
    ]
    asked = {
        "flows_to_deploy": ["orders"],
        "ref": "main",
        "additional_context": flow["child_attributes"],
    }
    page = call(project.root, "flow_deploy", "DeployWorkflow", **asked, env="local")
    (shown,) = call(project.root, "deployment_finder", "DeploymentFinder", flows_to_fetch=[flow])
    assert (shown["url"], shown["flow_name"], shown["env"]) == (page, "orders", "local")
    fetched = {"deployments_to_fetch": [shown], "flows_to_fetch": None}
    assert call(project.root, "deployment_finder", "DeploymentFinder", **fetched) == [shown]
    others = {"flows_to_fetch": [{**flow, "name": "reports"}]}
    assert call(project.root, "deployment_finder", "DeploymentFinder", **others) == []

    asked |= {"source_env": "local", "target_env": "staging"}
    words = ("deployment_promote", "PromoteWorkflow", json.dumps(asked))
    refused = run(project.root, CALL, *words)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("utilities.errors.ChangeRefused: orders: ")
