"""Whose an object is: the mark that it bears at Prefect.

Work pools and queues bear it in their description, variables and automations as a tag. Blocks
have neither: theirs is their name, which nothing else gives. Of limits there is a record, see
`blocks.kinds.limits`.
"""

import re
from collections.abc import Iterable

SENTENCE = re.compile(r"Made for (\S+) by python -m blocks\.")
TAG = "MADE_FOR="


def description(owner: str) -> str:
    """Return the description that marks an object."""
    return f"Made for {owner} by python -m blocks."


def owner_by_description(text: str | None) -> str | None:
    """Return the owner that a description tells; None when it tells none."""
    found = SENTENCE.search(text or "")
    return found[1] if found else None


def tag(owner: str) -> str:
    """Return the tag that marks an object."""
    return TAG + owner


def owner_by_tags(tags: Iterable[str]) -> str | None:
    """Return the owner that tags tell; None when they tell none."""
    return next((each.removeprefix(TAG) for each in tags if each.startswith(TAG)), None)


def marked_tags(tags: Iterable[str], owner: str) -> list[str]:
    """Return tags with this owner's mark in the place of any other; the others stay."""
    return [*(each for each in tags if not each.startswith(TAG)), tag(owner)]
