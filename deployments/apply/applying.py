"""A plan carried out: work pools, records, deployments, and at the end what is to be removed.

Stopped at any point, another plan finds what is left to do, and the next apply does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from deployments.apply.pruning import is_still_needed, require_meant
from deployments.apply.targets import target_of
from deployments.apply.writing_all import Attempt, side_by_side, write_all
from deployments.live.api import PrefectApi
from deployments.live.writing import delete
from deployments.plan.actions import Action, Plan
from deployments.plan.readiness import require_ready
from utilities.errors import FlowError, PrefectRefused

CONFLICT = 409

ResultKind = Literal[
    "created", "updated", "put back", "unchanged", "removed", "orphaned", "overtaken", "failed"
]


@dataclass(frozen=True)
class Result:
    """What became of one action.

    Attributes:
        kind: overtaken when another writer was later, so that its state is live.
        action: of the plan.
        failure: why it failed.
    """

    kind: ResultKind
    action: Action
    failure: FlowError | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a plan.

    Attributes:
        plan: that was carried out.
        results: one for each action, in the plan's order.
    """

    plan: Plan
    results: tuple[Result, ...]

    @property
    def is_as_wanted(self) -> bool:
        """Whether every deployment is what it should be; orphans may be left."""
        return not any(result.kind in ("failed", "overtaken") for result in self.results)


def apply(
    api: PrefectApi,
    plan: Plan,
    *,
    prune: bool = False,
    remove: int | None = None,
    on_done: Callable[[Result], None] = lambda result: None,
) -> Outcome:
    """Make what is live equal to what is wanted; sends nothing that changes nothing.

    Args:
        api: Prefect.
        plan: of one environment.
        prune: remove deployments that are ours and no longer declared.
        remove: how many that are, which has to be said of many.
        on_done: gets the result of each write as it ends.

    Raises:
        RepositoryNotReady: what is checked out is not what this environment may be given.
        ChangeRefused: more would be removed than anybody named.
        PrefectUnavailable, PrefectRefused, AccessDenied: pools or records were refused, and no
            deployment was written.
    """
    require_ready(plan)
    orphans = require_meant(plan, remove) if prune else ()
    for pool in plan.pools:
        _create_pool(api, pool)
    results = _write(api, plan, on_done)
    results |= {action.live_name: _failed(action) for action in plan.of("broken")}
    failed = [result.action for result in results.values() if result.kind == "failed"]
    removed = _remove(api, orphans, failed, on_done)
    return Outcome(plan, tuple(_result(action, results, removed) for action in plan.actions))


def _write(api: PrefectApi, plan: Plan, on_done: Callable[[Result], None]) -> dict[str, Result]:
    """Return the results of the actions that write, by live name."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    actions = {action.live_name: action for action in plan.actions if action.is_write}
    targets = [target_of(action, at) for action in actions.values()]
    records = [
        target.record
        for target, action in zip(targets, actions.values(), strict=True)
        if action.kind != "drift"
    ]

    def judge(attempt: Attempt) -> Result:
        action = actions[attempt.target.identity.live_name]
        if attempt.written is None:
            return Result("failed", action, attempt.failure)
        is_drift = action.kind == "drift" and attempt.written.kind == "updated"
        return Result("put back" if is_drift else attempt.written.kind, action)

    attempts = write_all(api, targets, records, lambda attempt: on_done(judge(attempt)))
    return {attempt.target.identity.live_name: judge(attempt) for attempt in attempts}


def _remove(
    api: PrefectApi,
    orphans: tuple[Action, ...],
    failed: list[Action],
    on_done: Callable[[Result], None],
) -> dict[str, Result]:
    """Remove orphans, but for those whose successor has failed; return results by id."""

    def remove(action: Action) -> Result:
        assert action.live is not None
        if is_still_needed(action, failed):
            return Result("orphaned", action)
        try:
            delete(api, action.live.id)
        except FlowError as error:
            return Result("failed", action, error)
        return Result("removed", action)

    results = side_by_side(remove, orphans, on_done)
    return {result.action.live.id: result for result in results if result.action.live}


def _result(action: Action, written: dict[str, Result], removed: dict[str, Result]) -> Result:
    if action.kind == "orphaned":
        assert action.live is not None
        return removed.get(action.live.id) or Result("orphaned", action)
    return written.get(action.live_name) or Result("unchanged", action)


def _failed(action: Action) -> Result:
    return Result("failed", action, action.failure)


def _create_pool(api: PrefectApi, pool: str) -> None:
    """Make a work pool of type process; its first worker gives it its template."""
    try:
        api.request("POST", "/work_pools/", {"name": pool, "type": "process"})
    except PrefectRefused as error:
        if error.status != CONFLICT:
            raise
