"""A fixed egress address as a network: the check runs on a private host behind a gateway.

Only a host outside tells the flow how it is seen. Its warehouse and its Prefect are those of the
session's stack, which the private host finds on its own loopback.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.networks import (
    DECLARED,
    OTHER,
    OUTSIDE,
    PORT,
    PRIVATE,
    SERVICES,
    Network,
    fixed_egress_network,
    require_tools,
)


@pytest.fixture(scope="session")
def tools() -> None:
    """What is needed is there."""
    require_tools()


@pytest.fixture(scope="module")
def network(tools: None, prefect_stack: Stack) -> Iterator[Network]:
    """The three hosts; the private one reaches the stack."""
    variables = prefect_stack.variables
    prefect = urlsplit(variables["PREFECT_API_URL"]).port
    assert prefect is not None
    with fixed_egress_network([int(variables["REDSHIFT_PORT"]), prefect]) as built:
        yield built


def egress_check(network: Network, stack: Stack) -> "subprocess.CompletedProcess[str]":
    """Run the flow on the private host, as a person would."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **stack.variables,
        "EGRESS_SERVICES": ",".join(f"http://{service}" for service in SERVICES),
        "EGRESS_ADDRESSES": DECLARED,
        "COLUMNS": "200",
    }
    flow = [sys.executable, "-m", "flows.egress_check"]
    return network.run(*flow, environment=environment)


def test_a_run_behind_the_declared_address_passes(network: Network, prefect_stack: Stack) -> None:
    """The host outside sees the gateway's address, which is the declared one."""
    network.translate(DECLARED)
    done = egress_check(network, prefect_stack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"This run reaches others from {DECLARED}" in done.stdout


@pytest.mark.parametrize("seen", [OTHER, None], ids=["another address", "no translation"])
def test_a_run_that_leaves_by_another_address_fails(
    network: Network, prefect_stack: Stack, seen: str | None
) -> None:
    """The gateway was given another address, or translates nothing: the run fails, and says which
    address was seen, by whom, and what was declared. The warehouse answers all the same."""
    network.translate(seen)
    done = egress_check(network, prefect_stack)
    assert done.returncode == 1, done.stdout + done.stderr
    last = done.stderr.strip().splitlines()
    assert last[-2].startswith(
        f"EgressMismatch: This run reaches others from {seen or PRIVATE} (seen by {OUTSIDE}:{PORT}/"
    )
    assert f"declared in EGRESS_ADDRESSES: {DECLARED}." in last[-2]
    assert last[-1].endswith("answers nevertheless.")
