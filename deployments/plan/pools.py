"""Work pools that a plan needs: whether they exist, and which can be made along the way."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from deployments.live.api import PrefectApi
from deployments.plan.actions import Action, Plan
from utilities.errors import PrefectRefused

NOT_FOUND = 404

MADE_BY_ITSELF = "process"
"""Type of the pools that need no configuration."""


def with_pools(api: PrefectApi, plan: Plan) -> Plan:
    """Ask for the work pools of what is to be written, one request each.

    A missing one of type process becomes part of the plan: it needs no configuration. Whoever
    needs another one is broken.
    """
    types: dict[str, str] = {
        action.wanted.configuration.pool: action.wanted.configuration.pool_type
        for action in plan.actions
        if action.is_write and action.wanted is not None
    }
    missing = {pool: kind for pool, kind in types.items() if not _exists(api, pool)}
    if not missing:
        return plan
    return replace(
        plan,
        pools=tuple(pool for pool, kind in missing.items() if kind == MADE_BY_ITSELF),
        actions=tuple(_judge(action, missing) for action in plan.actions),
    )


def _judge(action: Action, missing: Mapping[str, str]) -> Action:
    if not action.is_write or action.wanted is None:
        return action
    pool = action.wanted.configuration.pool
    if missing.get(pool, MADE_BY_ITSELF) == MADE_BY_ITSELF:
        return action
    failure = PrefectRefused(
        f"{action.live_name}: the work pool {pool} does not exist at Prefect. Make it (`python -m "
        f"blocks apply --environment {action.wanted.identity.environment}`), or name another one in "
        "environments.yaml.",
        status=NOT_FOUND,
    )
    return replace(action, kind="broken", changes=(), failure=failure)


def _exists(api: PrefectApi, pool: str) -> bool:
    try:
        api.request("GET", f"/work_pools/{quote(pool, safe='')}")
    except PrefectRefused as error:
        if error.status != NOT_FOUND:
            raise
        return False
    return True
