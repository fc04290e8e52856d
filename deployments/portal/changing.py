"""Deploy and promote flows, for whoever knows a flow's name and a branch."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from deployments.apply.applying import apply
from deployments.connection import connect
from deployments.declaration.problems import suggestion
from deployments.desired import Desired, desired
from deployments.git import head
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from deployments.moves.carrying_out import carry_out
from deployments.plan.planning import plan
from deployments.portal.listing import shown_name
from deployments.portal.pages import find_pages, page_of
from deployments.promotion.promoting import plan_promotion
from utilities.errors import ChangeRefused, FlowError, ParameterInvalid, RepositoryNotReady

Failures = dict[str, FlowError]


def deploy(root: Path, flows: Sequence[str], ref: str, environment: str) -> str:
    """Apply the deployments of flows to an environment; return the page of the first one.

    Args:
        root: folder of the repository.
        flows: names as `list_flows` tells them.
        ref: branch that was asked for; it has to be the one that is checked out.
        environment: in environments.yaml.

    Raises:
        RepositoryNotReady: another branch is checked out.
        ParameterInvalid: a flow is not there, or has no deployment.
        FlowError: a deployment failed; with more of them, the message names each.
    """
    _require_checked_out(root, ref)
    wanted = desired(root, environment)
    names = _deployments_of(wanted, flows)
    with connect(environment) as api:
        outcome = apply(api, plan(api, root, environment, names))
        _require_done(
            {
                result.action.name: result.failure or _overtaken(result.action.name)
                for result in outcome.results
                if result.kind in ("failed", "overtaken")
            },
            names,
        )
        return _page(api, root, wanted, names)


def promote(root: Path, flows: Sequence[str], ref: str, source: str, target: str) -> str:
    """Promote the deployments of flows from one environment to another; return the first's page.

    Args:
        root: folder of the repository.
        flows: names as `list_flows` tells them.
        ref: branch that was asked for; it has to be the one that is checked out.
        source, target: in environments.yaml.

    Raises:
        As `deploy`.
    """
    _require_checked_out(root, ref)
    names = _deployments_of(desired(root, source), flows)
    with connect(target) as api:
        planned = plan_promotion(api, root, (source, target), names)
        if any(move.target for move in planned.moves):
            planned.require_ready()
        moved = carry_out(api, planned.moves)
        _require_done(
            {
                each.move.name: each.failure or _overtaken(each.move.name)
                for each in moved
                if not each.is_as_wanted
            },
            names,
        )
        return _page(api, root, planned.target, names)


def _require_checked_out(root: Path, ref: str) -> None:
    """What is deployed is what lies in the folder, so it must be what was asked for."""
    branch = head(root).branch
    if branch != ref:
        raise RepositoryNotReady(
            f"{ref} was asked for, and {branch or 'no branch'} is checked out. Deployments are "
            f"made from the files of this folder: git switch {ref}"
        )


def _deployments_of(wanted: Desired, flows: Iterable[str]) -> list[str]:
    """Return the names of the flows' deployments, in the order of prefect.yaml."""
    known = {shown_name(each.flow) for each in wanted.wanted}
    chosen = {shown_name(flow) for flow in flows}
    for flow in sorted(chosen - known):
        raise ParameterInvalid(
            f"prefect.yaml has no deployment of a flow {flow!r}.{suggestion(flow, known)}"
        )
    return [each.identity.name for each in wanted.wanted if shown_name(each.flow) in chosen]


def _require_done(failures: Failures, names: Collection[str]) -> None:
    if len(failures) == 1:
        raise next(iter(failures.values()))
    if failures:
        lines = (
            f"{name}: {type(failure).__name__}: {failure}" for name, failure in failures.items()
        )
        told = "\n".join(lines)
        raise ChangeRefused(f"{len(failures)} of {len(names)} deployments failed:\n{told}")


def _overtaken(name: str) -> FlowError:
    return ChangeRefused(f"{name}: somebody else deployed it at the same time, and was later.")


def _page(api: PrefectApi, root: Path, wanted: Desired, names: Collection[str]) -> str:
    """Return the page of the first of these deployments."""
    live_names = {each.identity.live_name for each in wanted.wanted if each.identity.name in names}
    live = read_live(api, wanted.declaration.project)
    ids = (each.id for each in live if each.live_name in live_names)
    return page_of(find_pages(root, api.address), next(ids, ""))
