"""Which images to build, which exist, which may go, and rebuilds; in the order of a story."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.workspace import Workspace
from tests.prefect.deployments.moves.commands import Commands

IN_PRODUCTION = ("--environment", "production")
NAME = "shop"
ADDRESS = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{NAME}"


@pytest.fixture(autouse=True)
def aws(prefect_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and address of the stack's AWS."""
    for name, value in prefect_stack.variables.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


@pytest.fixture
def ecr(aws: None) -> Iterator[Any]:
    """A client of the stack's ECR."""
    client = boto3.client("ecr", region_name="us-east-1")
    yield client
    client.close()


def push(ecr: Any, address: str) -> None:
    """Put an image there, as `docker push` ends: no two have the same content."""
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"digest": address},
        "layers": [],
    }
    tag = address.partition(":")[2]
    ecr.put_image(repositoryName=NAME, imageManifest=json.dumps(manifest), imageTag=tag)


def addresses(images: list[dict[str, Any]]) -> list[str]:
    """Return what the images are called."""
    return [image["image"] for image in images]


def test_a_repository_that_does_not_exist_is_told(commands: Commands) -> None:
    """Nobody could push there, so it is an error before anything is built."""
    ended = commands("images", *IN_PRODUCTION)
    assert ended.status == 1
    assert ended.errors == (
        f"SourceNotFound: {ADDRESS}: ECR has no such repository. Create it, or correct "
        "image_repository in environments.yaml.\n"
    )


def test_the_root_image_comes_before_an_own_one(
    commands: Commands, workspace: Workspace, ecr: Any
) -> None:
    """A flow with its own requirements needs an image FROM the root image of the same commit."""
    ecr.create_repository(repositoryName=NAME)
    workspace.made.write("flows/people/requirements.txt", "six==1.17.0\n")
    commit = workspace.made.commit()
    ended = commands("images", *IN_PRODUCTION, "--json")
    root, own = ended.content["build"]
    assert (root["image"], root["from"]) == (f"{ADDRESS}:{commit}", None)
    assert (own["image"], own["from"]) == (f"{root['image']}-people-of-today", root["image"])
    assert own["needs"] == ["root"]
    assert own["dockerfile_inline"].startswith(f"FROM {root['image']}\n")
    assert (ended.status, ended.writes) == (0, [])


def test_what_exists_is_not_built_again(commands: Commands, workspace: Workspace, ecr: Any) -> None:
    """With the root image pushed the own image is left; after apply nothing has to be built."""
    commit = workspace.made.git("rev-parse", "HEAD")
    push(ecr, f"{ADDRESS}:{commit}")
    content = commands("images", *IN_PRODUCTION, "--json").content
    assert addresses(content["build"]) == [f"{ADDRESS}:{commit}-people-of-today"]
    assert content["build"][0]["needs"] == []
    assert addresses(content["existing"]) == [f"{ADDRESS}:{commit}"]
    push(ecr, f"{ADDRESS}:{commit}-people-of-today")
    workspace.apply()
    assert commands("images", *IN_PRODUCTION).output.startswith("No image has to be built.\n")


def test_only_what_changed_is_built(commands: Commands, workspace: Workspace, ecr: Any) -> None:
    """An edit that the flow with its own image does not reach leaves its image alone."""
    workspace.made.edit("shelf/rounding.py", "2", "3")
    commit = workspace.made.commit()
    content = commands("images", *IN_PRODUCTION, "--json").content
    assert addresses(content["build"]) == [f"{ADDRESS}:{commit}"]
    push(ecr, f"{ADDRESS}:{commit}")
    workspace.apply()


def test_a_rebuild_has_a_tag_of_its_own(commands: Commands, workspace: Workspace, ecr: Any) -> None:
    """`images --rebuild` and `redeploy --rebuild` agree; the redeployed runs the same code under
    the next number, and a plan has nothing to do."""
    commit = workspace.made.git("rev-parse", "HEAD")
    tag = f"{commit}-r20261121T1405"
    listed = commands("images", *IN_PRODUCTION, "--rebuild", "20261121T1405", "--json").content
    assert addresses(listed["build"]) == [
        f"{ADDRESS}:{tag}",
        f"{ADDRESS}:{tag}-people-of-today",
    ]
    assert all(image["no_cache"] for image in listed["build"])

    too_early = commands("redeploy", *IN_PRODUCTION, "orders", "--rebuild", "20261121T1405")
    assert (too_early.status, too_early.writes) == (1, [])
    assert too_early.errors == (
        f"ChangeRefused: orders: {ADDRESS}:{tag} does not exist, so no run could start. Build it "
        "first: python -m deployments images --environment production --rebuild 20261121T1405\n"
    )
    for image in listed["build"]:
        push(ecr, image["image"])

    before = {name: commands.live(name) for name in ("orders", "people-of-today", "reports")}
    ended = commands("redeploy", *IN_PRODUCTION, "--all", "--rebuild", "20261121T1405")
    assert ended.status == 0, ended.errors
    assert ended.writes == ["PATCH orders", "PATCH people-of-today", "POST /artifacts/"]
    for name, suffix in (("orders", ""), ("people-of-today", "-people-of-today")):
        old, new = before[name], commands.live(name)
        assert old.version and new.version and new.release
        assert new.image == f"{ADDRESS}:{tag}{suffix}"
        assert new.release.commit == commit
        assert new.version.number == old.version.number + 1
        assert new.version.fingerprint == old.version.fingerprint
        assert new.version.configuration == old.version.configuration
    assert commands.live("reports") == before["reports"]
    assert {action.kind for action in workspace.plan().actions} == {"unchanged"}


def test_what_a_rollback_needs_is_kept(commands: Commands, workspace: Workspace, ecr: Any) -> None:
    """Images of the live versions and of those before them stay; older ones are listed; tags that
    are no commits, and those of the commit that is checked out, are not judged."""
    first = workspace.made.git("rev-parse", "HEAD~1")
    push(ecr, f"{ADDRESS}:latest")
    push(ecr, f"{ADDRESS}:{'0' * 40}")
    assert commands("images", *IN_PRODUCTION, "--json").content["unreferenced"] == sorted(
        [f"{ADDRESS}:{'0' * 40}", f"{ADDRESS}:{first}"]
    )


def test_only_what_is_checked_out_is_redeployed(
    commands: Commands, workspace: Workspace, ecr: Any
) -> None:
    """A deployment that runs other code than the files is named and left; the others go on."""
    workspace.made.edit("shelf/names.py", "Hello", "Welcome")
    push(ecr, f"{ADDRESS}:{workspace.made.commit()}-ragain")
    people = commands.live("people-of-today")
    ended = commands("redeploy", *IN_PRODUCTION, "--rebuild", "again", "p*", "ord*")
    assert (ended.status, ended.writes) == (1, ["PATCH orders", "POST /artifacts/"])
    assert "what is live in production is not what is checked out" in ended.errors
    assert commands.live("people-of-today") == people


def test_mistakes_are_told(commands: Commands, workspace: Workspace) -> None:
    """A pattern that matches nothing, none at all, a name that fits into no tag, a dirty tree."""
    redeploy = ("redeploy", *IN_PRODUCTION)
    nothing = commands(*redeploy, "oders")
    assert nothing.errors == (
        "ParameterInvalid: prefect.yaml has no deployment that 'oders' matches. "
        'Did you mean "orders"?\n'
    )
    none = commands(*redeploy)
    assert none.errors.startswith("ParameterInvalid: Say which deployments")
    unfit = commands(*redeploy, "--all", "--rebuild", "to-day")
    assert unfit.errors.startswith("ParameterInvalid: --rebuild 'to-day': expected up to 32")
    workspace.made.write("shelf/rounding.py", "DIGITS = 9\n")
    dirty = [commands(*redeploy, "--all"), commands("images", *IN_PRODUCTION)]
    for ended in (nothing, none, unfit, *dirty):
        assert (ended.status, ended.writes) == (1, [])
    for ended in dirty:
        assert ended.errors.startswith("RepositoryNotReady: Images are built of a commit")
        assert "shelf/rounding.py" in ended.errors
