"""The newest and the next run of many deployments, in few requests.

Prefect's API tells runs in one list, up to 200 at a time, not by deployment. So each request asks
for the deployments that no earlier answer named: one that runs every minute hides the others only
once, and a list that is not full ends the search.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

PAGE = 200
"""The most that Prefect's server returns: PREFECT_API_DEFAULT_LIMIT."""

FINISHED = ("COMPLETED", "FAILED", "CRASHED")
"""Ends that tell something of the code; a cancelled run does not."""

STARTED = (*FINISHED, "CANCELLED", "CANCELLING", "RUNNING", "PENDING", "PAUSED")


class Api(Protocol):
    """What is needed of Prefect's API."""

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """Return the answer to one request."""


@dataclass(frozen=True)
class Run:
    """One run of a deployment.

    Attributes:
        id: at Prefect.
        name: at Prefect.
        state: type of its state: COMPLETED, FAILED, ...
        state_name: as Prefect shows it: `Late`, `TimedOut`, ...
        at: when it ended, else began, else is expected to, ISO 8601.
        version: of the deployment when the run was made; None when there was none.
    """

    id: str
    name: str
    state: str
    state_name: str
    at: str
    version: str | None

    @property
    def has_failed(self) -> bool:
        """Whether it ended otherwise than it should."""
        return self.state in ("FAILED", "CRASHED")


def last_finished(api: Api, deployments: Collection[str]) -> dict[str, Run]:
    """Return the run that ended last, cancelled ones apart, by the deployment's id."""
    return _first_runs(api, deployments, FINISHED, "END_TIME_DESC")


def last_started(api: Api, deployments: Collection[str]) -> dict[str, Run]:
    """Return the run that began last, whatever became of it, by the deployment's id."""
    return _first_runs(api, deployments, STARTED, "START_TIME_DESC")


def next_scheduled(api: Api, deployments: Collection[str]) -> dict[str, Run]:
    """Return the run that is to begin next, by the deployment's id; late ones included."""
    return _first_runs(api, deployments, ("SCHEDULED",), "NEXT_SCHEDULED_START_TIME_ASC")


def _first_runs(
    api: Api, deployments: Collection[str], states: Collection[str], sort: str
) -> dict[str, Run]:
    found: dict[str, Run] = {}
    missing = set(deployments)
    while missing:
        page = api.request(
            "POST",
            "/flow_runs/filter",
            {
                "sort": sort,
                "limit": PAGE,
                "flow_runs": {
                    "deployment_id": {"any_": sorted(missing)},
                    "state": {"type": {"any_": [*states]}},
                },
            },
        )
        for answer in page:
            found.setdefault(answer["deployment_id"], _run(answer))
        if len(page) < PAGE:
            break
        missing -= found.keys()
    return found


def _run(answer: dict[str, Any]) -> Run:
    return Run(
        id=answer["id"],
        name=answer["name"],
        state=answer["state_type"],
        state_name=answer["state_name"],
        at=answer["end_time"]
        or answer["start_time"]
        or answer["next_scheduled_start_time"]
        or answer["expected_start_time"],
        version=answer["deployment_version"],
    )
