"""`python -m infrastructure plan`."""

from pathlib import Path

from deployments.output import print_json, print_text
from infrastructure.cloud import telling
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.choosing import choose
from infrastructure.cloud.found import require_account
from infrastructure.cloud.planning import Planner
from infrastructure.cloud.reading import read_declared

CHANGES = 2


def plan(
    *, environment: str, only: tuple[str, ...] = (), json: bool = False, markdown: bool = False
) -> int:
    """Show what `apply` would do to each stack, in plain words; changes nothing.

    AWS is asked by a change set what it would do to a stack that exists; where the credentials may
    only read, the templates are compared. Ends with status 0 when everything is as declared, with
    2 when something is to be done.

    Args:
        environment: of environments.yaml.
        only: template to look at, such as container_registry; repeat it for several.
        json: print for machines.
        markdown: print for a pull request.
    """
    declared = read_declared(Path.cwd(), environment)
    stacks = choose(declared, only)
    aws = Aws(declared.region)
    require_account(aws, declared)
    planner = Planner(aws, declared, is_lenient=True)
    standings = planner.standings()
    plans = planner.plans(stacks, standings)
    if json:
        print_json(telling.content(environment, plans))
    elif markdown:
        print_text(telling.markdown(environment, plans))
    else:
        print_text(telling.told(plans))
        print_text(f"\n{telling.summary(plans)}")
    return CHANGES if any(each.has_work for each in plans) else 0
