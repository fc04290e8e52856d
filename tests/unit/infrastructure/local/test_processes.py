"""A process is ours only if number and birth agree."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from infrastructure.local.processes import describe, end_processes, find

READY = "print('ready', flush=True); import sys; sys.stdin.read()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}"


@pytest.fixture(params=[READY, STUBBORN], ids=["willing", "stubborn"])
def other(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that waits; one kind ignores SIGTERM."""
    with subprocess.Popen(
        [sys.executable, "-c", request.param], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        assert run.stdout is not None and run.stdout.readline() == b"ready\n"
        yield run
        run.kill()


def test_a_recycled_number_is_left_alone(other: "subprocess.Popen[bytes]") -> None:
    """A later process with a recorded number is not found, and never ended."""
    earlier = replace(describe(other.pid), created=1_000_000.0)
    assert find(earlier) is None
    assert end_processes({"aws": earlier}) == []
    assert psutil.Process(other.pid).is_running()


def test_a_recorded_process_is_ended(other: "subprocess.Popen[bytes]") -> None:
    """A part that lost its supervisor is ended: if it ignores that, by force."""
    assert end_processes({"aws": describe(other.pid)}, patience_seconds=0.2) == ["aws"]
    assert not psutil.pid_exists(other.pid)
