"""Which images an environment needs now, which are there, and which nobody needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deployments.catalog.finding import find_flows
from deployments.desired import Desired
from deployments.images.image import Image
from deployments.images.needed import needed_images, without_built
from deployments.images.registry import existing_tags
from deployments.images.unreferenced import referenced_images, unreferenced
from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.records import read_records
from deployments.moves.standing import history_of
from deployments.plan.matching import match
from deployments.status.wishes import find_wish
from deployments.wanted import Wanted


@dataclass(frozen=True)
class Listing:
    """What is known of images.

    Attributes:
        build: to be built, in this order.
        existing: needed and there already.
        unreferenced: addresses that no deployment runs, and none goes back to.
        unknown: repositories whose registry cannot be asked: everything that is needed of them is
            among those to build, and nothing among the unreferenced.
    """

    build: tuple[Image, ...]
    existing: tuple[Image, ...]
    unreferenced: tuple[str, ...]
    unknown: tuple[str, ...]


def changing(wanted: Desired, live: Sequence[LiveDeployment]) -> list[Wanted]:
    """Return the deployments that an apply would create, or move to the checked-out commit."""
    return [
        each.wanted
        for each in match(wanted, live).declared
        if find_wish(each.wanted, each.live) != "nothing"
    ]


def unchanged(
    wanted: Desired, live: Sequence[LiveDeployment], names: Iterable[str]
) -> list[Wanted]:
    """Return the deployments, of some, that a redeployment would put on a rebuilt image."""
    chosen = set(names)
    return [
        each.wanted
        for each in match(wanted, live).declared
        if each.wanted.identity.name in chosen and _is_rebuildable(each.wanted, each.live)
    ]


def list_images(
    api: PrefectApi,
    wanted: Desired,
    live: Sequence[LiveDeployment],
    deployments: Iterable[Wanted],
    rebuild_tag: str | None,
) -> Listing:
    """Compare what deployments need with what their registries have.

    Args:
        api: Prefect; asked for the versions before the live ones.
        wanted: what the repository wants of the environment.
        live: all deployments of the project, of every environment.
        deployments: that get a new image.
        rebuild_tag: of the root image; None for that of the commit.

    Raises:
        SourceNotFound, AccessDenied, ApiUnavailable: see `existing_tags`.
    """
    needed = needed_images(
        wanted.root,
        find_flows(wanted.root),
        deployments,
        rebuild_tag or wanted.head.commit,
        is_rebuild=rebuild_tag is not None,
    )
    tags = {repository: existing_tags(repository) for repository in _repositories(wanted)}
    there = {f"{repository}:{tag}" for repository, some in tags.items() for tag in some or ()}
    build = without_built(needed, there)
    return Listing(
        build=build,
        existing=tuple(image for image in needed if image.address in there),
        unreferenced=unreferenced(tags, _referenced(api, wanted, live), wanted.head.commit),
        unknown=tuple(repository for repository, some in tags.items() if some is None),
    )


def _repositories(wanted: Desired) -> list[str]:
    """Return the repositories of the environment, each once."""
    found = (each.configuration.image_repository for each in wanted.wanted)
    return list(dict.fromkeys(repository for repository in found if repository))


def _referenced(api: PrefectApi, wanted: Desired, live: Sequence[LiveDeployment]) -> frozenset[str]:
    """Return the images that any environment of the project uses, or may go back to."""
    project = wanted.declaration.project
    names: dict[str, set[str]] = {}
    for each in live:
        if each.identity is not None:
            names.setdefault(each.identity.environment, set()).add(each.identity.name)
    records = [
        record
        for environment, some in names.items()
        for record in read_records(api, project, environment, some)
    ]
    return referenced_images(live, (history_of(records, each) for each in live))


def _is_rebuildable(wanted: Wanted, live: LiveDeployment | None) -> bool:
    """Whether a deployment runs the checked-out code and configuration, from an image."""
    is_same = find_wish(wanted, live) == "nothing"
    return is_same and wanted.configuration.image_repository is not None
