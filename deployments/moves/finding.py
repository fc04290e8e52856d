"""One live deployment by its name, without the declaration: what went out can be taken back even
when prefect.yaml cannot be read, or no longer names it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from deployments.declaration.problems import suggestion
from deployments.git import head
from deployments.identity import Identity
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from deployments.live.records import read_records
from deployments.moves.standing import Standing, history_of
from deployments.plan.project import find_project
from utilities.errors import DeclarationInvalid, ParameterInvalid


def require_project(root: Path) -> str:
    """Return `name` of prefect.yaml.

    Raises:
        DeclarationInvalid: there is none.
    """
    project = find_project(root)
    if project is None:
        raise DeclarationInvalid(
            f"{root}: expected prefect.yaml with a `name`, the name of the project. Run this in the "
            "root of the repository."
        )
    return project


def find_standing(api: PrefectApi, root: Path, environment: str, name: str) -> Standing:
    """Return a live deployment with its history; see `find_live`."""
    identity, live = find_live(api, root, environment, name)
    records = read_records(api, identity.project, environment, {name})
    return Standing(identity, live.flow, live, None, history_of(records, live))


def find_live(
    api: PrefectApi, root: Path, environment: str, name: str
) -> tuple[Identity, LiveDeployment]:
    """Return a live deployment, and which one it is.

    Args:
        api: Prefect.
        root: folder of the repository.
        environment: that it is live in.
        name: in prefect.yaml, now or then.

    Raises:
        ParameterInvalid: none is live, or several of other branches are.
    """
    project = require_project(root)
    ours = [
        (each.identity, each)
        for each in read_live(api, project)
        if each.identity is not None and each.identity.project == project
    ]
    inside = [pair for pair in ours if pair[0].environment == environment]
    if not inside:
        known = {identity.environment for identity, _ in ours}
        raise ParameterInvalid(
            f"{environment}: nothing of {project} is live there."
            f"{suggestion(environment, sorted(known), 'Live')}"
        )
    return _choose(root, name, inside)


def _choose(
    root: Path, name: str, live: Sequence[tuple[Identity, LiveDeployment]]
) -> tuple[Identity, LiveDeployment]:
    named = [pair for pair in live if pair[0].name == name]
    if not named:
        environment = live[0][0].environment
        raise ParameterInvalid(
            f"{environment} has no live deployment {name!r}."
            f"{suggestion(name, _names(live), 'Live')}"
        )
    if len(named) > 1:
        branch = head(root).branch
        of_branch = [pair for pair in named if pair[0].branch == branch]
        if len(of_branch) != 1:
            branches = ", ".join(sorted(identity.branch for identity, _ in named))
            raise ParameterInvalid(
                f"{name} is live for several branches: {branches}. Check out the one that is meant."
            )
        named = of_branch
    return named[0]


def _names(live: Iterable[tuple[Identity, LiveDeployment]]) -> list[str]:
    return sorted({identity.name for identity, _ in live})
