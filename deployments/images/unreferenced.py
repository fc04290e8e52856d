"""Which tags no deployment needs: neither to run, nor to go back to."""

import re
from collections.abc import Iterable, Mapping

from deployments.live import LiveDeployment
from deployments.records import Record

COMMIT_TAG = re.compile(r"[0-9a-f]{40}(-.+)?")
"""The tags that deployments get; others, `latest` for one, are not judged."""

KEPT_VERSIONS = 2
"""The live version and the one before it, to which `rollback` returns."""


def referenced_images(
    live: Iterable[LiveDeployment], chains: Iterable[Iterable[Record]]
) -> frozenset[str]:
    """Return the addresses that live deployments and the versions before them use.

    Args:
        live: every deployment of the project, in all environments.
        chains: the records of each, newest first.
    """
    images = {each.image for each in live}
    for chain in chains:
        for record in [*chain][:KEPT_VERSIONS]:
            images.add(record.fields.get("job_variables", {}).get("image"))
    return frozenset(image for image in images if image)


def unreferenced(
    existing: Mapping[str, frozenset[str] | None], referenced: frozenset[str], commit: str
) -> tuple[str, ...]:
    """Return the images that may be removed, sorted.

    Args:
        existing: tags by repository; None where nobody can tell.
        referenced: addresses that are in use.
        commit: that is checked out: its images may be waiting for their `apply`.
    """
    return tuple(
        sorted(
            f"{repository}:{tag}"
            for repository, tags in existing.items()
            for tag in tags or ()
            if COMMIT_TAG.fullmatch(tag) and not tag.startswith(commit)
            if f"{repository}:{tag}" not in referenced
        )
    )
