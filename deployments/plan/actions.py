"""What is to be done for each deployment of one environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deployments.declaration import Schedule
from deployments.desired import Desired
from deployments.identity import Release
from deployments.live import LiveDeployment
from deployments.wanted import Wanted
from utilities.errors import FlowError

Kind = Literal["create", "update", "drift", "unchanged", "orphaned", "broken"]

KINDS: tuple[Kind, ...] = ("broken", "create", "update", "drift", "orphaned", "unchanged")
"""In the order in which a person wants to see them."""


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes:
        field: path to the leaf: `job_variables.cpu`, `schedules.daily.cron`.
        live: what Prefect holds; None when it has none.
        wanted: what it will hold; None when it will have none.
        by_hand: whether the live value is not the one that was deployed.
    """

    field: str
    live: Any
    wanted: Any
    by_hand: bool = False


@dataclass(frozen=True)
class Action:
    """What is to be done for one deployment.

    Attributes:
        kind: drift: nothing in the repository changed, but somebody changed what is live; it is
            put back, at the same version. orphaned: ours, and no longer declared under this name.
        name: in prefect.yaml.
        live_name: at Prefect.
        wanted: None for an orphan.
        live: None when there is none.
        changes: what differs, to the leaf; those of schedules begin with `schedules.`.
        release: that it will run; None for an orphan or a broken one.
        image: that its runs will start from.
        number: of its version.
        previous: version that it follows; None for the first.
        fields: all of them, as they should be; empty when nothing is to be written.
        schedules: all of them, as they should be.
        paused: as it should be; None when it stays as it is.
        failure: why it is broken.
        place: file and line of the failure.
    """

    kind: Kind
    name: str
    live_name: str
    wanted: Wanted | None = None
    live: LiveDeployment | None = None
    changes: tuple[Change, ...] = ()
    release: Release | None = None
    image: str | None = None
    number: int = 0
    previous: str | None = None
    fields: Mapping[str, Any] | None = None
    schedules: tuple[Schedule, ...] = ()
    paused: bool | None = None
    failure: FlowError | None = None
    place: str | None = None

    @property
    def is_write(self) -> bool:
        """Whether carrying it out changes the deployment."""
        return self.kind in ("create", "update", "drift")


@dataclass(frozen=True)
class Plan:
    """Everything that is to be done for one environment.

    Attributes:
        desired: what the repository wants.
        actions: one for each deployment, declared or orphaned.
        pools: work pools to create first, all of type process.
        live_count: live deployments of this environment that are ours.
    """

    desired: Desired
    actions: tuple[Action, ...]
    pools: tuple[str, ...] = ()
    live_count: int = 0

    def of(self, *kinds: Kind) -> tuple[Action, ...]:
        """Return the actions of some kinds."""
        return tuple(action for action in self.actions if action.kind in kinds)
