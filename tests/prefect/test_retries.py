"""What waiting can cure is tried again, by Prefect itself; nothing else is."""

import os

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.programs import run

FLOW = """
import sys
from prefect import flow, task
from utilities import errors
from utilities.tasks.retries import PATIENTLY

tries = 0

@task(**{**PATIENTLY, "retry_delay_seconds": [0, 0, 0]})
def fail(error: str) -> None:
    global tries
    tries += 1
    raise getattr(errors, error)("as ordered")

@flow
def failing(error: str) -> int:
    fail(error, return_state=True)
    return tries

print("tries:", failing(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        ("WarehouseUnavailable", 4),
        ("StorageUnavailable", 4),
        ("AccessDenied", 1),
        ("KeyInvalid", 1),
    ],
)
def test_only_passing_faults_are_retried(prefect_stack: Stack, error: str, tries: int) -> None:
    """Three more tries after a lost connection; none after a fault that a person has to mend."""
    done = run("-c", FLOW, error, environment={**os.environ, **prefect_stack.variables})
    assert f"tries: {tries}\n" in done.stdout, done.stderr[-2000:]
