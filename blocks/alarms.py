"""What people are told of: events at Prefect, bounded to the runs of one environment.

https://docs.prefect.io/v3/concepts/event-triggers
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from blocks.scope import Scope

Trigger = dict[str, Any]

RUN = "prefect.flow-run."
ENDS = tuple(RUN + name for name in ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling"))
WAITS = tuple(
    RUN + name
    for name in ("Scheduled", "AwaitingRetry", "AwaitingConcurrencySlot", "Paused", "Suspended")
)
CHECKED = "prefect_flows.table.checked"
"""Event of `utilities.tasks.checking`."""

EGRESS_FLOWS = ["egress_check", "egress-check"]
WITH_WORKERS = ("ecs", "process", "coiled")
"""Types of pools whose runs a worker starts."""

OFFLINE_SECONDS = 300
"""A worker that is replaced by a newer one is away for less."""

RUN_LINK = "{{ flow_run|ui_url }}"


@dataclass(frozen=True)
class Alarm:
    """One thing that people are told of.

    Attributes:
        name: the automation's, behind that of the environment.
        description: what it means and what to do.
        trigger: in the words of Prefect's API.
        subject, body: of the message; Prefect fills in the braces.
    """

    name: str
    description: str
    trigger: Trigger
    subject: str
    body: str


def alarms_of(scope: Scope) -> Iterator[Alarm]:
    """Return all alarms of an environment."""
    where = scope.platform.environment
    runs = _of_runs(scope)
    yield Alarm(
        "run failed",
        "A run of a deployment has failed, after all its retries.",
        _reactive([f"{RUN}Failed"], runs),
        f"{{{{ flow.name }}}} failed ({where})",
        "{{ deployment.name }}, run {{ flow_run.name }}: {{ flow_run.state.message }}\n" + RUN_LINK,
    )
    yield Alarm(
        "run crashed",
        "What a run ran in has ended: out of memory, Spot capacity taken back, no start at all.",
        _reactive([f"{RUN}Crashed"], runs),
        f"{{{{ flow.name }}}} crashed ({where})",
        "{{ deployment.name }}, run {{ flow_run.name }}: {{ flow_run.state.message }}\n" + RUN_LINK,
    )
    minutes, hours = scope.platform.late_after_minutes, scope.platform.stuck_after_hours
    yield Alarm(
        "run late",
        f"A run was due and has not begun for {minutes} minutes: no worker, no free slot, or a "
        "task that does not start.",
        _missing([f"{RUN}Late", f"{RUN}Pending"], [f"{RUN}Running", *ENDS, *WAITS], minutes * 60)
        | runs,
        f"{{{{ flow.name }}}} has not begun for {minutes} minutes ({where})",
        "{{ deployment.name }}, run {{ flow_run.name }}\n" + RUN_LINK,
    )
    yield Alarm(
        "run stuck",
        f"A run has been running for {hours} hours.",
        _missing([f"{RUN}Running"], [*ENDS, *WAITS], hours * 3600) | runs,
        f"{{{{ flow.name }}}} has been running for {hours} hours ({where})",
        "{{ deployment.name }}, run {{ flow_run.name }}\n" + RUN_LINK,
    )
    yield from _of_workers(scope)
    yield Alarm(
        "table check",
        "check_table found a rule that a table breaks; the run fails too where its severity asks.",
        _reactive(
            [CHECKED],
            {
                "match": {
                    "prefect.resource.id": "prefect_flows.table.*",
                    "prefect_flows.outcome": ["failed", "warned"],
                },
                "match_related": _related(scope),
            },
        ),
        f"{{{{ event.resource.name }}}} breaks its rules ({where})",
        "{{ event.payload.failed }} failed, {{ event.payload.warned }} warned, of "
        "{{ event.payload.rules }} rules; {{ event.payload.rows }} rows. See the artifacts of "
        "{{ deployment.name }}, run {{ flow_run.name }}\n" + RUN_LINK,
    )
    yield Alarm(
        "egress address",
        "A run does not leave from the declared address: allow lists of others will refuse it.",
        _reactive(
            [f"{RUN}Failed", f"{RUN}Crashed"],
            {
                "match": runs["match"],
                "match_related": [
                    *_related(scope),
                    {"prefect.resource.role": "flow", "prefect.resource.name": EGRESS_FLOWS},
                ],
            },
        ),
        f"The egress address is not proven ({where})",
        "{{ deployment.name }}: {{ flow_run.state.message }}\ndocs/runbooks/address-changed.md\n"
        + RUN_LINK,
    )


def _of_workers(scope: Scope) -> Iterator[Alarm]:
    pools = [each for each in scope.platform.pools.values() if each.type in WITH_WORKERS]
    if not pools:
        return
    names = sorted({pool.name for pool in pools})
    trigger = _missing(
        ["prefect.work-pool.not-ready"],
        ["prefect.work-pool.ready", "prefect.work-pool.paused"],
        OFFLINE_SECONDS,
    )
    yield Alarm(
        "worker offline",
        "A work pool has had no worker for five minutes: its runs do not start.",
        trigger
        | {
            "match": {
                "prefect.resource.id": "prefect.work-pool.*",
                "prefect.resource.name": names,
            },
            "match_related": {},
        },
        "Work pool {{ event.resource.name }} has no worker " f"({scope.platform.environment})",
        "No worker of {{ event.resource.name }} has been heard of for five minutes; its runs wait. "
        "docs/runbooks/worker-offline.md",
    )


def _of_runs(scope: Scope) -> Trigger:
    return {
        "match": {"prefect.resource.id": f"{RUN}*"},
        "match_related": _related(scope),
    }


def _related(scope: Scope) -> list[dict[str, Any]]:
    """Return what tells this environment's runs: their deployment's project, and their pool."""
    pools = sorted({pool.name for pool in scope.platform.pools.values()})
    return [
        {
            "prefect.resource.role": "deployment",
            "prefect.resource.name": f"{scope.platform.project}--*",
        },
        {"prefect.resource.role": "work-pool", "prefect.resource.name": pools},
    ]


def _reactive(expect: list[str], of: Trigger) -> Trigger:
    return {
        "type": "event",
        "posture": "Reactive",
        "after": [],
        "expect": expect,
        "for_each": ["prefect.resource.id"],
        "threshold": 1,
        "within": 0.0,
        **of,
    }


def _missing(after: list[str], expect: list[str], within_seconds: int) -> Trigger:
    """Return a trigger for something that does not happen in time."""
    return {
        "type": "event",
        "posture": "Proactive",
        "after": after,
        "expect": expect,
        "for_each": ["prefect.resource.id"],
        "threshold": 1,
        "within": float(within_seconds),
    }
