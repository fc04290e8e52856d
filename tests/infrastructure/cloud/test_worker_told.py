"""Which image the worker runs, where there is one."""

import json

import pytest

from tests.infrastructure.cloud.commands import Commands, Repository

STAGING = ("worker", "--environment", "staging")


@pytest.fixture
def commands(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    """Its commands, where nothing answers at AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    return Commands(repository.root, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ecs: ecs-staging", "ecs: {name: cloud, type: process}"),
        ("region: us-east-1\n", "region: us-east-1\n      worker: false\n"),
    ],
    ids=["another type", "said so"],
)
def test_pools_that_need_no_worker(
    repository: Repository, commands: Commands, old: str, new: str
) -> None:
    """A pipeline goes on without one: no failure, nothing asked, no image."""
    repository.edit("environments.yaml", old, new)
    told = commands(*STAGING, "--image", f"{repository.images}:next")
    assert (told.status, told.output) == (
        0,
        "staging has no worker, as environments.yaml wants it.\n",
    )
    assert json.loads(commands(*STAGING, "--json").output) == {"image": None}


def test_json_is_for_the_question(repository: Repository, commands: Commands) -> None:
    """Together with an image it is refused before anything is asked."""
    refused = commands(*STAGING, "--json", "--image", f"{repository.images}:next")
    assert refused.errors == (
        "ParameterInvalid: --json tells which image the worker runs; leave --image out.\n"
    )
