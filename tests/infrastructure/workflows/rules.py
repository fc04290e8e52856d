"""Rules of this repository that no linter knows: each returns what breaks it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infrastructure.workflows.reading import actions, jobs, steps, workflows

PINNED = re.compile(
    r"uses: (?P<action>[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)$"
)
OURS = re.compile(r"uses: \./\.github/[\w./-]+$")
AWS = "aws-actions/configure-aws-credentials"
TRIGGERS = {"pull_request", "push", "schedule", "workflow_call", "workflow_dispatch"}
"""None that runs somebody else's code with our permissions, as pull_request_target does."""

LIVE = {"deploy.yaml", "redeploy.yaml", "promote.yaml", "rollback.yaml", "infrastructure.yaml"}
"""Workflows that change what is live."""


def not_pinned(github: Path) -> Iterator[str]:
    """Actions that are not pinned by commit with their version beside it, or by several."""
    commits: dict[str, set[str]] = {}
    for file in sorted([*github.glob("workflows/*"), *github.glob("actions/*/*")]):
        for line in file.read_text().splitlines():
            if "uses:" not in line.partition("#")[0]:
                continue
            if pinned := PINNED.search(line):
                commits.setdefault(pinned["action"], set()).add(pinned["commit"])
            elif not OURS.search(line):
                yield f"{file.name}: {line.strip()}"
    yield from (
        f"{action}: {len(some)} commits" for action, some in commits.items() if len(some) > 1
    )


def too_much_allowed(github: Path) -> Iterator[str]:
    """Workflows that allow anything to all of their jobs; jobs that may more than they need."""
    for file, workflow in workflows(github).items():
        if workflow.get("permissions") != {}:
            yield f"{file}: permissions"
    for file, name, job in jobs(github):
        may = job.get("permissions", {})
        writes = {key for key, value in may.items() if value != "read"}
        uses = [str(step.get("uses", "")) for step in job.get("steps", ())]
        takes_role = any(each.startswith(AWS) for each in uses)
        if not takes_role and "steps" in job and "id-token" in writes:
            yield f"{file} {name}: id-token without a role"
        if writes - {"id-token"} and any(each.startswith("actions/checkout@") for each in uses):
            yield f"{file} {name}: writes to GitHub and runs code of the repository"


def roles_without_environment(github: Path) -> Iterator[str]:
    """Jobs that take a role outside of a GitHub environment, to which its trust is bound."""
    for file, name, job in jobs(github):
        uses = [str(step.get("uses", "")) for step in job.get("steps", ())]
        if any(each.startswith(AWS) for each in uses) and "environment" not in job:
            yield f"{file} {name}"


def endless(github: Path) -> Iterator[str]:
    """Jobs without a limit of time."""
    for file, name, job in jobs(github):
        if "steps" in job and "timeout-minutes" not in job:
            yield f"{file} {name}"


def cancelled_half_way(github: Path) -> Iterator[str]:
    """Workflows that change what is live, and could meet themselves or be cut off."""
    for file, workflow in workflows(github).items():
        concurrency = workflow.get("concurrency", {})
        if file in LIVE and concurrency.get("cancel-in-progress") is not False:
            yield file


def secrets(github: Path) -> Iterator[str]:
    """Files that read a secret of GitHub's: there is none."""
    for file in sorted([*github.glob("workflows/*"), *github.glob("actions/*/*")]):
        if re.search(r"\bsecrets\b", file.read_text()):
            yield file.name


def other_triggers(github: Path) -> Iterator[str]:
    """Workflows that begin by something else than is known to be harmless."""
    for file, workflow in workflows(github).items():
        yield from (f"{file}: {each}" for each in set(workflow["on"]) - TRIGGERS)


def untrusted_shell(github: Path) -> Iterator[str]:
    """Run blocks with an expression in them: a value is passed by a variable, always."""
    yield from (
        " ".join(each.key) for each in steps(github) if "${{" in str(each.content.get("run"))
    )


def unknown_inputs(github: Path) -> Iterator[str]:
    """Calls of our own actions and workflows with other inputs than they declare."""
    declared: dict[str, dict[str, Any]] = {
        f"./.github/actions/{folder}": action.get("inputs", {})
        for folder, action in actions(github).items()
    }
    for file, workflow in workflows(github).items():
        called = (
            workflow["on"].get("workflow_call", None) if isinstance(workflow["on"], dict) else {}
        )
        declared[f"./.github/workflows/{file}"] = (called or {}).get("inputs", {})
    calls = [(f"{file} {name}", job) for file, name, job in jobs(github)]
    calls += [(" ".join(each.key), dict(each.content)) for each in steps(github)]
    for place, call in calls:
        if not str(call.get("uses", "")).startswith("./"):
            continue
        inputs = declared.get(call["uses"])
        if inputs is None:
            yield f"{place}: {call['uses']} does not exist"
            continue
        given = set(call.get("with", {}))
        needed = {name for name, each in inputs.items() if each.get("required")}
        yield from (f"{place}: {name}" for name in sorted((given - set(inputs)) | (needed - given)))
