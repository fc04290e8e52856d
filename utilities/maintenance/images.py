"""Images that nothing runs, and nothing goes back to.

An image is kept when one of its tags is no commit's (a person gave it), when somebody at Prefect
names it, or when it was pushed or pulled not long ago. The last rule is what protects the images of
others: workers, and deployments of another Prefect workspace, pull theirs when they start.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from utilities.errors import ChangeRefused
from utilities.image_registry import ecr_repository
from utilities.maintenance.freed import Freed
from utilities.maintenance.registry import Registry, StoredImage
from utilities.settings import Settings

WHAT = "images that nothing uses"

COMMIT_TAG = re.compile(r"[0-9a-f]{40}(-.+)?")
"""The tags that deployments get."""

SHOWN = 100


def free_images(
    settings: Settings,
    find_used: Callable[[], Collection[str]],
    days: int,
    now: datetime,
    *,
    dry_run: bool,
) -> Freed:
    """Remove the images of ECR_REPOSITORY that nothing uses.

    Args:
        settings: of the repository.
        find_used: returns the addresses of all images that deployments name or may go back to;
            asked after the images were listed, so that what is deployed meanwhile counts.
        days: an image that was pushed or pulled since is kept.
        now: UTC.
        dry_run: only tell.

    Raises:
        ChangeRefused: nobody uses any image of this repository, as it looks where somebody else's
            Prefect is asked.
        SourceNotFound, AccessDenied, ApiUnavailable: ECR refuses or does not answer.
    """
    repository = settings.ecr_repository
    if repository is None:
        return Freed(WHAT, "-", "images", 0, 0, note="ECR_REPOSITORY is not set")
    at_ecr = ecr_repository(repository)
    if at_ecr is None:
        return Freed(WHAT, repository, "images", 0, 0, note="not at Amazon ECR, so not asked")
    if not days:
        return Freed(WHAT, repository, "images", 0, 0, note="kept for ever")
    registry = Registry(at_ecr, settings)
    old = list(old_images(registry.images(), now - timedelta(days=days)))
    used = _names_of(find_used(), repository) if old else frozenset()
    if old and not used:
        raise ChangeRefused(
            f"{repository}: {len(old)} of its images are older than {days} days, and no deployment "
            "at Prefect uses any image of it. This is probably not the Prefect that deploys from "
            "there. Nothing was removed. Check PREFECT_API_URL and ECR_REPOSITORY."
        )
    unused = [image for image in old if not used & {*image.tags, image.digest}]
    refused = {} if dry_run else registry.remove([image.digest for image in unused])
    gone = [image for image in unused if image.digest not in refused]
    return Freed(
        WHAT,
        repository,
        "images",
        len(gone),
        sum(image.bytes for image in gone),
        not dry_run,
        _note(refused),
        tuple(_shown(image) for image in gone[:SHOWN]),
    )


def old_images(images: Iterable[StoredImage], before: datetime) -> Iterator[StoredImage]:
    """Yield the images that deployments got, and that nobody pushed or pulled since a time."""
    for image in images:
        is_ours = all(COMMIT_TAG.fullmatch(tag) for tag in image.tags)
        if is_ours and max(image.pushed, image.pulled or image.pushed) < before:
            yield image


def _names_of(used: Collection[str], repository: str) -> frozenset[str]:
    """Return tags and digests of the addresses that are in a repository.

    A registry has more than one host name, so the end of the path decides.
    """
    path = repository.partition("/")[2]
    found = set()
    for address in used:
        name, _, digest = address.partition("@")
        place, _, tag = name.rpartition(":") if ":" in name.rpartition("/")[2] else (name, "", "")
        if place.partition("/")[2] == path:
            found |= {tag, digest} - {""}
    return frozenset(found)


def _note(refused: dict[str, str]) -> str:
    if not refused:
        return ""
    reasons = ", ".join(sorted(set(refused.values())))
    return f"{len(refused)} were not removed by ECR ({reasons})"


def _shown(image: StoredImage) -> str:
    pulled = f"pulled {image.pulled:%Y-%m-%d}" if image.pulled else "never pulled"
    return f"{', '.join(image.tags)}: {image.bytes >> 20:,} MiB, pushed {image.pushed:%Y-%m-%d}, {pulled}"
