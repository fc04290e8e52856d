"""`python -m deployments promote --from staging --to production [NAME ...]`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deployments.connection import connect
from deployments.moves.running import Intention, run_moves
from deployments.promotion.promoting import plan_promotion


def promote(
    *names: str,
    source: Annotated[str, Parameter(name="--from")],
    target: Annotated[str, Parameter(name="--to")],
    plan: bool = False,
    even_if_failed: bool = False,
    as_checked_out: bool = False,
    json: bool = False,
) -> int:
    """Move what one environment has tested into another: image, code, configuration.

    The target gets image, code, parameter schema, parameters, concurrency and resources as they
    were tested. Of the target environment itself come work pool, schedules, variables and
    overrides. Nothing is built. A deployment that was never deployed to the source, that somebody
    changed there by hand, or whose last run there failed, is refused; the others go on.

    Status 0: all is there; 1: something was refused; with --plan 2: something is to be written.

    Args:
        names: deployments; all of prefect.yaml when none is given.
        source: environment where it was tested.
        target: environment that it goes to.
        plan: say what would be done, field by field, and write nothing.
        even_if_failed: promote what failed in its last run, too.
        as_checked_out: refuse what the source runs of another commit's code or configuration.
        json: print JSON.
    """
    with connect(target) as api:
        promotion = plan_promotion(
            api,
            Path.cwd(),
            (source, target),
            names,
            insist=even_if_failed,
            as_checked_out=as_checked_out,
        )
        intention = Intention(
            title=f"promote {source} → {target}",
            environment=target,
            moves=promotion.moves,
            obstacle=promotion.find_obstacle(),
        )
        return run_moves(api, intention, is_plan=plan, as_json=json)
