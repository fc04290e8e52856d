"""Prefect's server as the benchmark sees it: what is deployed, and which runs are scheduled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.deployments.repository import POOL
from infrastructure.local.stack import Stack, temporary_stack
from tests.clients import ask_prefect

PAGE = 200
POLL_SECONDS = 0.5
LIMIT_SECONDS = 180.0


@dataclass(frozen=True)
class Found:
    """What the server holds of one repository.

    Attributes:
        updated: when each deployment was written last, by name.
        runs: ids of the scheduled runs.
        schemas: deployments that have a schema of their parameters.
    """

    updated: dict[str, str]
    runs: frozenset[str]
    schemas: int


@contextmanager
def fresh_server() -> Iterator[Stack]:
    """Run a Prefect server with nothing in it but the work pool, on PostgreSQL."""
    with temporary_stack(prefect=True) as stack:
        ask_prefect(stack, "/work_pools/", {"name": POOL, "type": "process"})
        yield stack


def find(stack: Stack, project: str) -> Found:
    """Ask for everything of one repository."""
    flows = {"flows": {"name": {"like_": f"{project}_"}}}
    deployments = list(_pages(stack, "/deployments/filter", flows))
    scheduled = {**flows, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    runs = list(_pages(stack, "/flow_runs/filter", scheduled | {"sort": "ID_DESC"}))
    return Found(
        updated={each["name"]: each["updated"] for each in deployments},
        runs=frozenset(run["id"] for run in runs),
        schemas=sum(
            "table" in each["parameter_openapi_schema"]["properties"] for each in deployments
        ),
    )


def wait_for_runs(stack: Stack, project: str, deployments: int) -> Found:
    """Return what is there as soon as every deployment has scheduled runs and no more come."""
    deadline = time.monotonic() + LIMIT_SECONDS
    before = find(stack, project)
    while time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        found = find(stack, project)
        if found == before and len(found.runs) >= deployments:
            return found
        before = found
    raise SystemExit(f"{project}: {len(before.runs)} runs were scheduled in {LIMIT_SECONDS:.0f} s")


def _pages(stack: Stack, path: str, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    offset = 0
    while page := ask_prefect(stack, path, {**wanted, "limit": PAGE, "offset": offset}):
        yield from page
        offset += len(page)
