"""`python -m deployments redeploy --environment E (--all | PATTERN ...)`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deployments.connection import connect
from deployments.desired import desired
from deployments.images.rebuild import name_rebuild, rebuild_tag
from deployments.live.reading import read_live
from deployments.moves.choosing import choose_matching
from deployments.moves.running import Intention, run_moves
from deployments.moves.standing import read_standing
from deployments.redeploy import plan_redeploy, require_release, with_images
from utilities.errors import ParameterInvalid


def redeploy(
    *patterns: str,
    environment: str,
    everything: Annotated[bool, Parameter(name="--all")] = False,
    rebuild: str | None = None,
    plan: bool = False,
    json: bool = False,
) -> int:
    """Put the same code on a rebuilt image, for security updates of what lies below it.

    Build the images first: `images --rebuild ID` lists them; give the same ID here. A deployment
    whose image is not there is refused, as far as the registry is Amazon ECR and tells. Only
    deployments that run the checked-out code and configuration are redeployed; others are named
    and left alone. What runs without an image stays as it is.

    Args:
        patterns: of names, as 'van-*'.
        environment: of environments.yaml.
        everything: redeploy all deployments.
        rebuild: name of the rebuild, which becomes part of the tag; the time without one.
        plan: say what would be done, field by field, and write nothing; status 2.
        json: print JSON.
    """
    if everything == bool(patterns):
        raise ParameterInvalid("Say which deployments: --all, or patterns of names as 'van-*'.")
    wanted = desired(Path.cwd(), environment)
    require_release(wanted)
    names = choose_matching(patterns or ("*",), [each.identity.name for each in wanted.wanted])
    rebuild = rebuild or name_rebuild(datetime.now(UTC))
    tag = rebuild_tag(wanted.head.commit, rebuild)
    with connect(environment) as api:
        live = read_live(api, wanted.declaration.project)
        standing = read_standing(api, wanted, live, names)
        moves = with_images(plan_redeploy(wanted, standing, names, tag), rebuild)
        title = f"redeploy in {environment}: image tag {tag}"
        return run_moves(api, Intention(title, environment, moves), is_plan=plan, as_json=json)
