"""`python -m deployments plan`."""

from pathlib import Path

from deployments.connection import connect
from deployments.desired import desired
from deployments.output import print_json, print_text
from deployments.plan import planning, telling
from deployments.plan.actions import Plan
from deployments.plan.progress import bar

BROKEN = 1
CHANGES = 2


def plan(*names: str, environment: str, json: bool = False, markdown: bool = False) -> int:
    """Show what `apply` would do, field by field; writes nothing.

    Ends with status 0 when what is live is what is declared, with 2 when something differs or is
    live and no longer declared, with 1 when a deployment cannot be deployed.

    Args:
        names: deployments of prefect.yaml; all of them without one.
        environment: of environments.yaml.
        json: print for machines.
        markdown: print for a pull request.
    """
    wanted = desired(Path.cwd(), environment)
    with connect(environment) as api:
        found = planning.plan_of(api, wanted, names, bar)
    if json:
        print_json(telling.content(found))
    elif markdown:
        print_text(telling.markdown(found))
    else:
        print_text(telling.told(found))
    return _status(found)


def _status(found: Plan) -> int:
    if found.of("broken"):
        return BROKEN
    return CHANGES if found.of("create", "update", "drift", "orphaned") else 0
