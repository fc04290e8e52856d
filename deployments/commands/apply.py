"""`python -m deployments apply`."""

from pathlib import Path

from deployments.apply import applying, telling
from deployments.connection import connect
from deployments.desired import desired
from deployments.output import print_json
from deployments.plan import planning
from deployments.plan.progress import bar
from utilities.errors import ParameterInvalid

FAILED = 1


def apply(
    *names: str,
    environment: str,
    prune: bool = False,
    remove: int | None = None,
    json: bool = False,
) -> int:
    """Make what is live equal to what is declared; touches only what differs.

    A deployment that cannot be deployed fails alone. Stopped at any point, the same command
    finishes the work. Ends with status 1 when a deployment is not what it should be.

    Args:
        names: deployments of prefect.yaml; all of them without one.
        environment: of environments.yaml.
        prune: remove deployments that were made from here and are no longer declared.
        remove: how many they are; has to be said when they are more than a third.
        json: print for machines.
    """
    if remove is not None and not prune:
        raise ParameterInvalid("--remove says how many --prune removes; it needs --prune.")
    wanted = desired(Path.cwd(), environment)
    with connect(environment) as api:
        plan = planning.plan_of(api, wanted, names, bar)
        if not json:
            telling.print_overwritten(plan)
        orphans = len(plan.of("orphaned")) if prune else 0
        total = orphans + len(plan.of("create", "update", "drift"))
        with telling.progress(total) as advance:
            outcome = applying.apply(api, plan, prune=prune, remove=remove, on_done=advance)
    if json:
        print_json(telling.content(outcome))
    else:
        telling.print_outcome(outcome)
    return 0 if outcome.is_as_wanted else FAILED
