"""Prefect, AWS and a declaration, for commands that run in this process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from tests.prefect.blocks.declared import (
    ADDRESS,
    Declared,
    at_aws,
    declare,
    make_stacks,
    store_secret,
)
from tests.prefect.shared_limit import forget_limit

PREFECT: dict[str, Any] = {
    "queues": {"ecs": {"urgent": {"priority": 1}, "later": {"concurrency_limit": 2}}},
    "variables": {"PROJECT-regions": ["north", "south"]},
    "concurrency_limits": {"PROJECT-warehouse": 4},
    "notifications": {"type": "webhook", "address_from": "ALARMS"},
}
"""One of everything; PROJECT becomes the name of the project."""


@pytest.fixture(scope="module")
def here(prefect_stack: Stack) -> Iterator[Stack]:
    """This process knows the stack as a command does that is started beside it."""
    forget_limit(prefect_stack)
    address = prefect_stack.variables["PREFECT_API_URL"]
    with pytest.MonkeyPatch.context() as patch, temporary_settings({PREFECT_API_URL: address}):
        for name, value in prefect_stack.variables.items():
            patch.setenv(name, value)
        yield prefect_stack


@pytest.fixture(scope="module")
def api(prefect_stack: Stack) -> Iterator[PrefectApi]:
    """Prefect's API, for what people do there by hand."""
    with PrefectApi(Address(prefect_stack.variables["PREFECT_API_URL"])) as api:
        yield api


@pytest.fixture
def laptop(tmp_path: Path, here: Stack) -> Declared:
    """An environment that is not at AWS."""
    section = {"pools": {"process": "PROJECT-laptop"}, "working_directory": "."}
    return declare(tmp_path / "repository", here.variables, section)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, here: Stack) -> Declared:
    """An environment at AWS, whose stacks are made, with one of everything."""
    declared = declare(tmp_path_factory.mktemp("repository"), here.variables, at_aws(**PREFECT))
    make_stacks(declared)
    return declared


@pytest.fixture(scope="module")
def made(shop: Declared) -> Declared:
    """The shop, whose webhook has an address, applied."""
    store_secret(shop, "ALARMS", ADDRESS)
    shop.apply()
    return shop
