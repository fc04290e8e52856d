"""Names, tags and versions tell where a deployment belongs and what it runs, and are read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.identity import Identity, Release, Version, digest

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1)
HEX = st.text("0123456789abcdef", min_size=16, max_size=16)


def test_a_name_tells_where_a_deployment_belongs() -> None:
    """Project, branch, name and environment, with two hyphens between."""
    identity = Identity("prefect-flows", "main", "news-feeds", "production")
    assert identity.live_name == "prefect-flows--main--news-feeds--production"


@pytest.mark.parametrize(
    ("branch", "part"),
    [
        ("feature/new-feeds", "feature-new-feeds"),
        ("fix//twice", "fix-twice"),
        ("dependabot/pip/prefect-3.8.9", "dependabot-pip-prefect-3.8.9"),
        ("under_score", "under_score"),
    ],
)
def test_slashes_of_a_branch_become_hyphens(branch: str, part: str) -> None:
    """Prefect takes no slash in a name; the labels keep the branch as git spells it."""
    identity = Identity("shop", branch, "orders", "sandbox")
    assert identity.live_name == f"shop--{part}--orders--sandbox"
    assert Identity.from_labels(identity.labels) == identity


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_name_has_only_what_prefect_takes(
    project: str, branch: str, name: str, environment: str
) -> None:
    """Whatever the parts hold, the name has letters, digits, dots, underscores and hyphens."""
    live_name = Identity(project, branch, name, environment).live_name
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", live_name)


def test_a_deployment_of_others_has_no_identity() -> None:
    """Labels that are missing or no text prove nothing."""
    labels = Identity("shop", "main", "orders", "production").labels
    del labels["deployments.environment"]
    assert Identity.from_labels(labels) is None
    assert Identity.from_labels({}) is None


@given(TEXTS, TEXTS, TEXTS)
def test_a_release_is_read_back_from_its_tags(commit: str, package: str, branch: str) -> None:
    """Also among other tags, and with `=` in a value."""
    release = Release(commit, package, branch)
    assert Release.from_tags(["nightly", *release.tags("shop"), "a=b"]) == release


def test_a_release_that_lost_a_tag_is_not_guessed() -> None:
    """Somebody removed a tag by hand."""
    assert Release.from_tags(["COMMIT_HASH=a", "BRANCH_NAME=main"]) is None


@given(st.integers(1, 10**6), HEX, HEX)
def test_a_version_is_read_back(number: int, code: str, configuration: str) -> None:
    """What is written into `version` comes out again."""
    version = Version(number, code, configuration[:12])
    assert Version.read(str(version)) == version


@pytest.mark.parametrize("text", [None, "", "25182b3074532afc16d83583473e5fd6", "v1-a-b", "v1"])
def test_a_version_of_others_is_none(text: str | None) -> None:
    """`prefect deploy` writes a hash there."""
    assert Version.read(text) is None


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    """Equal JSON has equal digests, other JSON another."""
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
