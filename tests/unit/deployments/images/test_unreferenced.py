"""Which images may be removed: those that no deployment runs and none goes back to."""

from dataclasses import replace

from deployments.images.unreferenced import referenced_images, unreferenced
from deployments.records import Record
from tests.unit.deployments.made_wanted import REPOSITORY, make_record, make_wanted

OLDEST, OLD, LIVE, NEXT = ("1" * 40, "2" * 40, "3" * 40, "4" * 40)


def make_chain(*commits: str) -> list[Record]:
    record = make_record(make_wanted())
    return [
        replace(record, fields={"job_variables": {"image": f"{REPOSITORY}:{commit}"}})
        for commit in commits
    ]


def test_the_live_version_and_the_one_before_it_are_kept() -> None:
    """`rollback` finds the image of the version before; older ones may go."""
    used = referenced_images([], [make_chain(LIVE, OLD, OLDEST)])
    existing = {REPOSITORY: frozenset({LIVE, OLD, OLDEST, f"{OLDEST}-people"})}
    assert unreferenced(existing, used, NEXT) == (
        f"{REPOSITORY}:{OLDEST}",
        f"{REPOSITORY}:{OLDEST}-people",
    )


def test_images_that_wait_for_their_apply_are_kept() -> None:
    """An image of the checked-out commit has just been built; nothing runs it yet."""
    existing = {REPOSITORY: frozenset({NEXT, f"{NEXT}-people", f"{NEXT}-r20261121T1405"})}
    assert unreferenced(existing, frozenset(), NEXT) == ()


def test_tags_that_are_not_commits_are_left_alone() -> None:
    """Whoever pushed `latest` or `v1.2` knows why; a registry that nobody can ask has none."""
    existing = {REPOSITORY: frozenset({"latest", "v1.2", "buildcache"}), "ghcr.io/shop": None}
    assert unreferenced(existing, frozenset(), NEXT) == ()
