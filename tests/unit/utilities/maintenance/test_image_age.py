"""How old an image is: reckoned from its last use, not from its making."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from utilities.maintenance.images import old_images
from utilities.maintenance.registry import StoredImage

NOW = datetime(2026, 11, 21, tzinfo=UTC)
IMAGE = StoredImage("sha256:0", ("0" * 40,), 1, NOW, None)


def days_ago(days: int) -> datetime:
    """Return a time."""
    return NOW - timedelta(days=days)


@given(st.integers(0, 400), st.none() | st.integers(0, 400), st.integers(7, 365))
def test_pushed_or_pulled_since_is_not_old(pushed: int, pulled: int | None, kept: int) -> None:
    """A worker or a deployment elsewhere, which nobody here can ask, has pulled its image."""
    image = replace(
        IMAGE,
        pushed=days_ago(pushed),
        pulled=None if pulled is None else days_ago(pulled),
    )
    found = list(old_images([image], days_ago(kept)))
    last_used = pushed if pulled is None else min(pushed, pulled)
    assert found == ([image] if last_used > kept else [])


@given(st.lists(st.text(max_size=50), min_size=1))
def test_only_tags_of_commits_are_judged(tags: list[str]) -> None:
    """One tag that a person gave keeps the image, whatever the others are."""
    image = replace(IMAGE, tags=(*IMAGE.tags, *tags), pushed=days_ago(400))
    is_ours = all(
        tag[:40].isascii()
        and len(tag) >= 40
        and set(tag[:40]) <= set("0123456789abcdef")
        and (len(tag) == 40 or tag[40] == "-" and len(tag) > 41)
        for tag in tags
    )
    if not is_ours:
        assert list(old_images([image], days_ago(90))) == []
