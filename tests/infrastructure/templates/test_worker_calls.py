"""The worker's role follows what the installed prefect-aws calls."""

import re
from importlib.metadata import distribution
from pathlib import Path

from tests.infrastructure.templates.declared import variant
from tests.infrastructure.templates.proofs import NETWORK
from tests.infrastructure.templates.rules.policies import allowed

CALL = re.compile(
    r"\b(?P<service>ec2|ecs|logs|sqs)_client\.(?!meta|exceptions|__)(?P<operation>[a-z_]+)\("
)

NOT_ALLOWED = {
    "ec2:DescribeSubnets": "the work pool names subnets",
    "ec2:DescribeVpcs": "the work pool names subnets",
    "ecs:DeregisterTaskDefinition": "the work pool does not ask for it: revisions are used again",
}
"""Calls that do not happen with a work pool of ours."""

BESIDE = {
    "ecs:TagResource": "RunTask is asked to tag its task",
    "iam:PassRole": "RegisterTaskDefinition names roles",
}
"""Actions that AWS asks for beside the one that is called."""


def called() -> set[str]:
    """Actions of AWS that the worker and its observer call."""
    found = set()
    for file in ("prefect_aws/workers/ecs_worker.py", "prefect_aws/observers/ecs.py"):
        source = Path(str(distribution("prefect-aws").locate_file(file))).read_text()
        for call in CALL.finditer(source):
            operation = "".join(word.capitalize() for word in call["operation"].split("_"))
            found.add(f"{call['service']}:{operation}")
    return found


def test_the_worker_may_do_what_it_calls() -> None:
    """Another release of prefect-aws that calls more, or less, is noticed here."""
    may = {
        action
        for statement in allowed(variant(NETWORK, "production"))
        if statement.where.startswith("WorkerRole")
        for action in statement.actions
    }
    assert called() - set(NOT_ALLOWED) == may - set(BESIDE)
    assert set(NOT_ALLOWED) <= called()
