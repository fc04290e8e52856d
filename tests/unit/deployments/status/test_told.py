"""What a live deployment tells of itself is what it was given."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.identity import Identity, Release, Version
from deployments.live import LiveDeployment
from deployments.status.told import told
from tests.unit.deployments.made_wanted import COMMIT, RELEASE, SCHEMA, make_wanted


def make_live(release: Release, image: str | None = None, **fields: Any) -> LiveDeployment:
    wanted = make_wanted()
    written = wanted.fields(release, image or wanted.image(release.commit), 4, SCHEMA) | fields
    return LiveDeployment(
        id="1",
        live_name=wanted.identity.live_name,
        flow="orders",
        identity=Identity.from_labels(wanted.identity.labels),
        version=Version.read(written["version"]),
        release=Release.from_tags(written["tags"]),
        image=written["job_variables"].get("image"),
        paused=False,
        schedules=(),
        fields=written,
        updated="2026-11-21T08:00:00Z",
    )


@settings(deadline=None)
@given(
    commit=st.text("0123456789abcdef", min_size=40, max_size=40),
    is_dirty=st.booleans(),
    branch=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
)
def test_it_is_read_back(commit: str, is_dirty: bool, branch: str) -> None:
    """Commit, branch, package, fingerprint, configuration and image, whatever the branch is called."""
    live = make_live(Release(commit + "-dirty" * is_dirty, "1.2.0", branch))
    known = told(live)
    wanted = make_wanted()
    assert (known.commit, known.is_dirty) == (commit, is_dirty)
    assert (known.branch, known.package_version) == (branch, "1.2.0")
    assert (known.number, known.fingerprint) == (4, wanted.fingerprint)
    assert known.configuration == wanted.digest
    assert known.image == live.image


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        (f"123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:{COMMIT}", COMMIT),
        ("localhost:5000/shop", "latest"),
        ("localhost:5000/shop:v1", "v1"),
    ],
)
def test_the_tag_of_an_image(image: str, tag: str) -> None:
    """A port is no tag."""
    assert told(make_live(RELEASE, image)).image_tag == tag


def test_what_somebody_removed_is_not_guessed() -> None:
    """Without tags, version and image nothing is told."""
    live = replace(make_live(RELEASE, tags=[], version="mine"), image=None)
    known = told(live)
    assert {known.commit, known.branch, known.number, known.fingerprint} == {None}
    assert known.image_tag is None
