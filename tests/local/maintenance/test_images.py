"""Images that nothing uses go; all that may still be started stays."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.local.maintenance.conftest import Aws
from utilities.errors import ChangeRefused, SourceNotFound
from utilities.maintenance import Freed, free_images

SHAS = [f"{number:040x}" for number in range(300)]
LATER = datetime.now(UTC) + timedelta(days=100)
"""When all that was pushed in these tests is old."""


def free(aws: Aws, *used: str, dry_run: bool = False, now: datetime = LATER) -> Freed:
    """Free the repository while some of its images are in use."""
    return free_images(aws.settings, lambda: frozenset(used), 90, now, dry_run=dry_run)


def address(aws: Aws, name: str) -> str:
    """Return how a deployment names an image, by tag or by digest."""
    return f"{aws.settings.ecr_repository}{'@' if ':' in name else ':'}{name}"


def test_what_is_used_or_named_by_a_person_stays(aws: Aws) -> None:
    """By tag, by digest, by another of its tags, or under another host name of the registry; and
    whatever has a tag that no deployment gets. The others are removed and told by name."""
    for tags in ((SHAS[0],), (SHAS[1], f"{SHAS[1]}-weekly"), (SHAS[2], "keep-me"), (SHAS[3],)):
        aws.push(*tags)
    by_digest = aws.push(SHAS[4])
    aws.push(f"{SHAS[5]}-own_flow")
    aws.push(SHAS[6])
    dual = (
        address(aws, SHAS[3]).replace(".dkr.ecr.", ".dkr-ecr.").replace("amazonaws.com", "on.aws")
    )
    used = [address(aws, SHAS[0]), address(aws, f"{SHAS[1]}-weekly"), dual]
    used += [address(aws, by_digest), "python:3.11", "", f"other.example/x:{SHAS[6]}"]
    told = free(aws, *used, dry_run=True)
    assert (told.count, told.is_removed, len(aws.tags())) == (2, False, 9)
    freed = free(aws, *used)
    assert (freed.count, freed.bytes, freed.is_removed) == (2, told.bytes, True)
    assert {example.split(":")[0] for example in freed.examples} == {
        f"{SHAS[5]}-own_flow",
        SHAS[6],
    }
    assert aws.tags() == {*SHAS[:5], f"{SHAS[1]}-weekly", "keep-me"}
    assert free(aws, *used).count == 0


def test_a_young_image_stays(aws: Aws) -> None:
    """It may be waiting for its deployment; nobody has to be asked who uses it."""
    aws.push(SHAS[0])

    def nobody() -> frozenset[str]:
        raise AssertionError("Prefect was asked for nothing")

    now = datetime.now(UTC)
    assert free_images(aws.settings, nobody, 90, now, dry_run=False).count == 0
    assert aws.tags() == {SHAS[0]}


def test_somebody_elses_prefect_removes_nothing(aws: Aws) -> None:
    """When no deployment uses any image of the repository, the wrong Prefect is asked."""
    aws.push(SHAS[0])
    with pytest.raises(ChangeRefused, match="no deployment at Prefect uses any image of it"):
        free(aws, "other.example/x:1")
    assert aws.tags() == {SHAS[0]}


def test_more_images_than_one_request_takes(aws: Aws) -> None:
    """Listed and removed in several requests."""
    for tag in SHAS[:130]:
        aws.push(tag)
    freed = free(aws, address(aws, SHAS[7]))
    assert (freed.count, len(freed.examples)) == (129, 100)
    assert aws.tags() == {SHAS[7]}


def test_what_cannot_be_asked_is_told(aws: Aws) -> None:
    """Another registry is passed over; a repository that does not exist is an error."""
    elsewhere = aws.settings.model_copy(update={"ecr_repository": "ghcr.io/example/flows"})
    freed = free_images(elsewhere, frozenset, 90, LATER, dry_run=False)
    assert (freed.count, freed.note) == (0, "not at Amazon ECR, so not asked")
    unset = aws.settings.model_copy(update={"ecr_repository": None})
    assert (
        free_images(unset, frozenset, 90, LATER, dry_run=False).note == "ECR_REPOSITORY is not set"
    )
    missing = aws.settings.model_copy(update={"ecr_repository": f"{aws.settings.ecr_repository}-x"})
    with pytest.raises(SourceNotFound, match="ECR has no such repository"):
        free_images(missing, frozenset, 90, LATER, dry_run=False)
