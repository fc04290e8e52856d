"""One deployment moved to what it should be, whole or not at all.

A new deployment is one request. A live one gets one PATCH that carries every field that differs
and its schedules, which the server carries out in one transaction; only schedules that are to go
are deleted by requests of their own, before it, and made again when it is refused. Each PATCH
names the version, and after it the deployment is read again. So of several writers at once the
one whose PATCH came last finds its own version, and repairs what is not its own; the others find
another version and leave it: what remains is one of them, whole.

Stands on how Prefect's server carries a PATCH out: `update_deployment` in
https://github.com/PrefectHQ/prefect/blob/3.8.8/src/prefect/server/api/deployments.py
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from deployments.declaration import Schedule
from deployments.identity import Identity
from deployments.live import LiveDeployment, LiveSchedule
from deployments.live.api import PrefectApi
from deployments.live.reading import as_live, read_one
from deployments.live.writing import create, delete_schedule, patch
from deployments.plan.differences import Differences, find_differences, is_same
from deployments.records import Record
from utilities.errors import ChangeRefused, PrefectRefused

NOT_FOUND = 404
NO_CONTENT = 204

POOL = ("work_pool_name", "work_queue_name")
"""Belong together: a pool alone means its default queue."""

LOOKED_AT_WITH_POOL = {*POOL, "job_variables"}
"""The server compares job variables with the pool's template only when the pool stands beside."""

TRIES = 4
"""PATCHes of one deployment: each one after the first repairs what another writer left."""


@dataclass(frozen=True)
class Target:
    """One deployment as it should be.

    Attributes:
        identity: which one it is.
        flow: name of its flow at Prefect.
        live: as it was read; None to create it.
        fields: all of `Wanted.fields`.
        schedules: all of them; one that does not say whether it is active stays as it is, and is
            active when it is new.
        paused: None to leave it as it is.
        record: of the change; it is kept by whoever calls, before.
    """

    identity: Identity
    flow: str
    live: LiveDeployment | None
    fields: Mapping[str, Any]
    schedules: tuple[Schedule, ...]
    paused: bool | None
    record: Record

    def differences(self, live: LiveDeployment) -> Differences:
        """Compare a state of the deployment with this one."""
        return find_differences(live, self.fields, self.schedules, self.paused)


@dataclass(frozen=True)
class Written:
    """What became of one deployment.

    Attributes:
        kind: overtaken when another writer was later: its state was left alone.
        live: as it is now.
    """

    kind: Literal["created", "updated", "unchanged", "overtaken"]
    live: LiveDeployment


def write(api: PrefectApi, target: Target, *, is_free: bool = False) -> Written:
    """Make one deployment what it should be; a request only for what differs.

    Args:
        api: Prefect.
        target: what it should be.
        is_free: the name of a new one was looked for just now, and nobody has it.

    Raises:
        ChangeRefused: somebody else made, changed or deleted it after it was read; nothing was
            written.
        PrefectRefused: the server refused it; it is as it was before.
        PrefectUnavailable: the server did not answer; running again finishes.
    """
    now = None if is_free else _find(api, target)
    if now is None and target.live is None:
        made = create(api, target, target.fields, target.schedules, paused=target.paused is True)
        return _settle(api, target, "created", made)
    if now is None:
        raise _refusal(target, "was deleted")
    if now.identity != target.identity:
        raise _refusal(target, "was made by somebody else")
    if not target.differences(now):
        return Written("unchanged", now)
    if target.live is None or not _is_untouched(now, target.live):
        raise _refusal(target, "was changed by somebody else")
    _move(api, target, now)
    return _settle(api, target, "updated", read_one(api, now.id, target.flow))


def _find(api: PrefectApi, target: Target) -> LiveDeployment | None:
    """Read what is live under the name just now."""
    try:
        if target.live is not None:
            return read_one(api, target.live.id, target.flow)
        name = f"{quote(target.flow, safe='')}/{quote(target.identity.live_name, safe='')}"
        return as_live(api.request("GET", f"/deployments/name/{name}"), target.flow)
    except PrefectRefused as error:
        if error.status == NOT_FOUND:
            return None
        raise


def _is_untouched(now: LiveDeployment, before: LiveDeployment) -> bool:
    return (
        now.paused == before.paused
        and now.schedules == before.schedules
        and is_same(now.fields, before.fields)
    )


def _settle(
    api: PrefectApi, target: Target, kind: Literal["created", "updated"], now: LiveDeployment
) -> Written:
    """Repair what another writer left, as long as the version is ours."""
    for tries_left in reversed(range(TRIES)):
        if now.fields["version"] != target.fields["version"]:
            return Written("overtaken", now)
        if not (differences := target.differences(now)):
            return Written(kind, now)
        if tries_left:
            _move(api, target, now)
            now = read_one(api, now.id, target.flow)
    raise PrefectRefused(
        f"{target.identity.live_name}: Prefect took what it was sent and still holds something "
        f"else as {', '.join(_names(differences))}. Look at it with `python -m deployments plan "
        f"--environment {target.identity.environment}`.",
        status=NO_CONTENT,
    )


def _move(api: PrefectApi, target: Target, live: LiveDeployment) -> None:
    """Make one PATCH of all that differs, after deleting the schedules that are to go."""
    differences = target.differences(live)
    removed = differences.schedules.removed
    try:
        for schedule in removed:
            delete_schedule(api, live.id, schedule.id)
        patch(api, live.id, _body(target, live, differences))
    except PrefectRefused as error:
        if error.status == NOT_FOUND:
            raise _refusal(target, "was deleted, or its work pool was,") from error
        if removed:
            before = [_schedule_body(schedule, schedule.active) for schedule in removed]
            api.request("POST", f"/deployments/{live.id}/schedules", before)
        raise


def _body(target: Target, live: LiveDeployment, differences: Differences) -> dict[str, Any]:
    body = {**differences.fields, "version": target.fields["version"]}
    if body.keys() & LOOKED_AT_WITH_POOL:
        body.update({name: target.fields[name] for name in POOL})
    if differences.schedules:
        # All of them: where one without a slug has come meanwhile, the server exchanges all.
        paused = {each.slug for each in live.schedules if not each.active}
        body["schedules"] = [
            _schedule_body(
                each, False if each.active is None and each.slug in paused else each.active
            )
            for each in target.schedules
        ]
    if differences.paused is not None:
        body["paused"] = differences.paused
    return body


def _schedule_body(schedule: Schedule | LiveSchedule, active: bool | None) -> dict[str, Any]:
    body = {
        "slug": schedule.slug,
        "schedule": dict(schedule.timing),
        "parameters": dict(schedule.parameters),
    }
    return body if active is None else {**body, "active": active}


def _names(differences: Differences) -> list[str]:
    others = {"schedules": differences.schedules, "paused": differences.paused is not None}
    return [*differences.fields, *(name for name, differs in others.items() if differs)]


def _refusal(target: Target, found: str) -> ChangeRefused:
    return ChangeRefused(
        f"{target.identity.live_name} {found} after it was read; nothing of it was written. Run "
        "the same command again: it starts from what is live then."
    )
