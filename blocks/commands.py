"""`python -m blocks plan` and `python -m blocks apply`."""

from pathlib import Path

from blocks import telling
from blocks.applying import apply as carry_out
from blocks.planning import plan_of
from blocks.scope import read_scope
from deployments.connection import connect
from deployments.output import print_json, print_text

FAILED = 1
CHANGES = 2


def plan(*, environment: str, json: bool = False) -> int:
    """Show what `apply` would do, field by field; writes nothing.

    Ends with status 0 when Prefect holds what is declared, with 2 when something differs or is
    there and no longer declared, with 1 when something cannot be made.

    Args:
        environment: of environments.yaml.
        json: print for machines.
    """
    with connect(environment) as api:
        found = plan_of(api, read_scope(Path.cwd(), environment, needs_address=False))
    if json:
        print_json(telling.content(found))
    else:
        print_text(telling.told(found))
    if found.of("broken"):
        return FAILED
    return CHANGES if found.of("create", "update", "orphaned") else 0


def apply(*, environment: str, prune: bool = False, json: bool = False) -> int:
    """Make what Prefect holds equal to what is declared; touches only what differs.

    Ends with status 1 when an object is not what it should be.

    Args:
        environment: of environments.yaml.
        prune: remove what was made from here and is no longer declared.
        json: print for machines.
    """
    with connect(environment) as api:
        found = plan_of(api, read_scope(Path.cwd(), environment, needs_address=True))
        if not json and found.scope.notes:
            print_text(telling.notes(found))
        everything = []
        for each in carry_out(api, found, prune=prune):
            everything.append(each)
            line = telling.done(each)
            if line is not None and not json:
                print_text(line)
    if json:
        print_json(telling.content(found, everything))
    else:
        print_text(telling.summary(everything))
    return FAILED if any(each.outcome == "failed" for each in everything) else 0
