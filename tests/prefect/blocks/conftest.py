"""Prefect, AWS and a declaration, for commands that run in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from tests.prefect.blocks.declared import Declared, at_aws, declare, make_stacks


@pytest.fixture
def here(prefect_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """This process knows the stack as a command does that is started beside it."""
    for name, value in prefect_stack.variables.items():
        monkeypatch.setenv(name, value)
    with temporary_settings({PREFECT_API_URL: prefect_stack.variables["PREFECT_API_URL"]}):
        yield prefect_stack


@pytest.fixture
def api(prefect_stack: Stack) -> Iterator[PrefectApi]:
    """Prefect's API, for what people do there by hand."""
    with PrefectApi(Address(prefect_stack.variables["PREFECT_API_URL"])) as api:
        yield api


@pytest.fixture
def laptop(tmp_path: Path, here: Stack) -> Declared:
    """An environment that is not at AWS."""
    section = {"pools": {"process": "PROJECT-laptop"}, "working_directory": "."}
    return declare(tmp_path / "repository", here.variables, section)


@pytest.fixture
def shop(tmp_path: Path, here: Stack) -> Declared:
    """An environment at AWS, whose stacks are made, with one of everything."""
    declared = declare(
        tmp_path / "repository",
        here.variables,
        at_aws(
            queues={"ecs": {"urgent": {"priority": 1}, "later": {"concurrency_limit": 2}}},
            variables={"PROJECT-regions": ["north", "south"]},
            concurrency_limits={"PROJECT-warehouse": 4},
            notifications={"type": "webhook", "address_from": "ALARMS"},
        ),
    )
    make_stacks(declared)
    return declared
