"""The local AWS server, as the surroundings of a command name it."""

from typing import Any

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.cloud.made_platform import REGION


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
