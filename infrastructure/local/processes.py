"""Processes by number and birth: a recycled number is never taken for ours."""

import signal
from collections.abc import Mapping

import psutil

from infrastructure.local.postgres import FAST_SHUTDOWN, POSTGRES
from infrastructure.local.state import Process

CLOCK_TOLERANCE_SECONDS = 2.0
"""The birth of a process is reckoned from the clock, which may be corrected a little."""


def describe(pid: int) -> Process:
    """Return a running process as it is written down.

    Raises:
        psutil.NoSuchProcess: it has ended already.
    """
    return Process(pid, psutil.Process(pid).create_time())


def find(process: Process) -> psutil.Process | None:
    """Return the very process that was written down, or None when it has ended."""
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.created) < CLOCK_TOLERANCE_SECONDS
        alive = same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return found if alive else None


def end_processes(parts: Mapping[str, Process], patience_seconds: float = 10) -> list[str]:
    """End processes, gently first; return the names of those found alive."""
    found = {name: process for name, part in parts.items() if (process := find(part))}
    for name, process in found.items():
        _send(process, FAST_SHUTDOWN if name == POSTGRES else signal.SIGTERM)
    _, stubborn = psutil.wait_procs(list(found.values()), timeout=patience_seconds)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=patience_seconds)
    return list(found)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
