"""What is running: the state file, the locks, and the processes a dead supervisor left behind."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infrastructure.local.folder import Folder, write_json


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number.

    Attributes:
        pid: number of the process.
        created: when it began, in seconds since 1970.
    """

    pid: int
    created: float


@dataclass
class State:
    """What the supervisor has written down.

    Attributes:
        phase: "starting", "ready", "failed", or "lost": its supervisor was killed.
        started: when the supervisor began, ISO 8601 in UTC.
        supervisor: the process that watches the others.
        parts: every running part by name.
        prefect: whether Prefect is one of the parts.
        message: why the start failed.
        notices: what was changed on the machine and its user should know.
    """

    phase: str
    started: str
    supervisor: Process
    parts: dict[str, Process] = field(default_factory=dict)
    prefect: bool = True
    message: str = ""
    notices: list[str] = field(default_factory=list)


def write_state(folder: Folder, state: State) -> None:
    """Put the state on disk, whole or not at all."""
    write_json(folder.state, asdict(state))


def read_state(folder: Folder) -> State | None:
    """Return what the last supervisor wrote, or None when there is nothing."""
    try:
        content = json.loads(folder.state.read_text())
    except FileNotFoundError:
        return None
    content["supervisor"] = Process(**content["supervisor"])
    content["parts"] = {name: Process(**part) for name, part in content["parts"].items()}
    return State(**content)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file, after waiting for it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def take_for_life(path: Path) -> bool:
    """Take a lock file until this process ends. False: another process has it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether a living process holds a lock file."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at once do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
