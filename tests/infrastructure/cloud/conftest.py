"""The local AWS server, as the surroundings of a command name it; commands that run against it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.cloud.commands import Commands, Repository
from tests.infrastructure.cloud.made_platform import REGION
from tests.infrastructure.cloud.made_stack import AwsWithStack, aws_with_stack
from tests.manual_time import ManualTime


@pytest.fixture
def aws_here(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that lead a client to the local AWS server."""
    for name, value in stack.variables.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


@pytest.fixture
def cloudformation(aws_here: None) -> Any:
    """A client of the local AWS server."""
    return boto3.client("cloudformation", region_name=REGION)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """This repository's declaration and templates, under a name of its own."""
    return Repository(tmp_path / "a repository")


@pytest.fixture
def commands(
    repository: Repository,
    aws_here: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Commands:
    """Runs `python -m infrastructure` against the local AWS server."""
    return Commands(repository.root, monkeypatch, capsys)


@pytest.fixture(scope="session")
def aws_for_all() -> Iterator[AwsWithStack]:
    """A server in AWS's place for all tests, one after the other."""
    with aws_with_stack() as running:
        yield running


@pytest.fixture
def aws(aws_for_all: AwsWithStack) -> AwsWithStack:
    """A server that has one stack with an older template, and answers as a test says."""
    aws_for_all.reset()
    return aws_for_all


@pytest.fixture
def time() -> ManualTime:
    """A clock that goes on only when a command waits."""
    return ManualTime()
