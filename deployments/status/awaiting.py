"""Start a run of a live deployment, and wait until it ends."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deployments.live import LiveDeployment
from deployments.status.runs import Api
from utilities.errors import ParameterInvalid

ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
POLL_SECONDS = 2.0


@dataclass(frozen=True)
class RunState:
    """How far a run is.

    Attributes:
        id, name: at Prefect.
        state: type of its state: PENDING, COMPLETED, ...
        state_name: as Prefect shows it: `Late`, `TimedOut`, ...
        message: what Prefect says of it; empty for nothing.
    """

    id: str
    name: str
    state: str
    state_name: str
    message: str

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def has_completed(self) -> bool:
        """Whether it ended as it should."""
        return self.state == "COMPLETED"


@dataclass(frozen=True)
class Wait:
    """How long to wait, and how time passes.

    Attributes:
        limit_seconds: after it, a run that goes on is left to itself.
        now, sleep: a clock, and the way to let time pass.
    """

    limit_seconds: float
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def start_run(api: Api, live: LiveDeployment, image: str | None = None) -> RunState:
    """Start a run with the deployment's own parameters.

    Args:
        api: Prefect.
        live: the deployment.
        image: that the run starts from instead of the deployment's.

    Raises:
        ParameterInvalid: an image is given, and the deployment runs without one.
    """
    # With the key, a request that is sent again finds the run that the first one made.
    content: dict[str, Any] = {"idempotency_key": uuid.uuid4().hex}
    if image is not None:
        if live.image is None:
            raise ParameterInvalid(
                f"--image {image}: {live.live_name} runs without an image. Leave the option out."
            )
        content["job_variables"] = {"image": image}
    return _read(api.request("POST", f"/deployments/{live.id}/create_flow_run", content))


def await_end(
    api: Api, run: RunState, wait: Wait, on_change: Callable[[RunState], None]
) -> RunState:
    """Return a run as it ended, or as it is when the time is over.

    Args:
        api: Prefect.
        run: as it was started.
        wait: how long.
        on_change: gets each state that is seen.
    """
    deadline = wait.now() + wait.limit_seconds
    on_change(run)
    while not run.has_ended and wait.now() < deadline:
        wait.sleep(POLL_SECONDS)
        seen, run = run, _read(api.request("GET", f"/flow_runs/{run.id}"))
        if run.state_name != seen.state_name:
            on_change(run)
    return run


def _read(answer: dict[str, Any]) -> RunState:
    state = answer["state"]
    return RunState(
        id=answer["id"],
        name=answer["name"],
        state=state["type"],
        state_name=state["name"],
        message=state["message"] or "",
    )
