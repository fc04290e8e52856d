"""Whether images exist that deployments are about to be given."""

from collections.abc import Iterable

from deployments.images.registry import existing_tags
from utilities.errors import AccessDenied, ApiUnavailable, SourceNotFound


def find_presence(addresses: Iterable[str]) -> dict[str, bool | None]:
    """Return whether each image exists; None where its registry does not tell.

    Args:
        addresses: with tags.
    """
    told: dict[str, bool | None] = {}
    tags: dict[str, frozenset[str] | None] = {}
    for address in addresses:
        repository, _, tag = address.rpartition(":")
        if repository not in tags:
            tags[repository] = _tags(repository)
        there = tags[repository]
        told[address] = None if there is None else tag in there
    return told


def _tags(repository: str) -> frozenset[str] | None:
    try:
        return existing_tags(repository)
    except SourceNotFound:
        return frozenset()
    except (AccessDenied, ApiUnavailable):
        return None
