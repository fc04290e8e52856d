"""Join the local stack, or start it: what a program needs to run against it.

`join_or_start` stands in the start of every flow on a laptop, so that this module imports next
to nothing.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.local.addresses import read_addresses
from infrastructure.local.folder import REPOSITORY, Folder, StackError
from infrastructure.local.state import held, is_held, read_state, write_state

DEFAULT_ROOT = REPOSITORY / ".local"
HOUR_SECONDS = 3600.0
POLL_SECONDS = 0.01
START_LIMIT_SECONDS = 180.0
STOP_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Stack:
    """A running stack.

    Attributes:
        root: its data folder.
        variables: environment variables that its clients need.
    """

    root: Path
    variables: dict[str, str]

    @property
    def warehouse(self) -> dict[str, Any]:
        """How a PostgreSQL driver reaches the warehouse: `psycopg2.connect(**stack.warehouse)`."""
        return {
            "host": self.variables["REDSHIFT_HOST"],
            "port": self.variables["REDSHIFT_PORT"],
            "dbname": self.variables["REDSHIFT_DB"],
            "user": self.variables["REDSHIFT_USERNAME"],
            "password": self.variables["REDSHIFT_PASSWORD"],
        }


def join_or_start(
    root: Path | None = None,
    *,
    idle_seconds: float | None = HOUR_SECONDS,
    prefect: bool = True,
    announce: Callable[[str], None] = print,
) -> Stack:
    """Return the running stack of a folder; start it in the background if there is none.

    Args:
        root: the data folder; None: `.local` in this repository.
        idle_seconds: a stack started here ends by itself after so long without a client.
            None: it, and one that runs already, stays until it is told to end.
        prefect: Prefect's server is needed too.
        announce: gets a line for a person when something is started.

    Raises:
        StackError: it did not start; the message holds the end of the failing part's log.
    """
    folder = Folder((root or DEFAULT_ROOT).resolve())
    joined = _join(folder, idle_seconds, prefect)
    if joined is not None:
        return joined
    folder.prepare()
    with held(folder.start_lock):
        joined = _join(folder, idle_seconds, prefect)
        if joined is not None:
            return joined
        announce(f"Starting the local stack (data: {folder.root}) ...")
        started = time.monotonic()
        if not is_held(folder.life_lock):
            idle = [] if idle_seconds is None else ["--idle-seconds", str(idle_seconds)]
            _spawn(folder, *idle, *_prefect_option(prefect)).wait()
        _wait_until_ready(folder, lambda: is_held(folder.life_lock), announce)
        announce(f"The local stack is ready after {time.monotonic() - started:.1f} s.")
    ready = _join(folder, idle_seconds, prefect)
    if ready is None:
        raise StackError(f"The local stack in {folder.root} ended right after its start.")
    return ready


@contextmanager
def temporary_stack(*, prefect: bool = True) -> Iterator[Stack]:
    """Run a stack of its own in a temporary folder; nothing of it is left afterwards.

    Args:
        prefect: start Prefect's server too, which takes several seconds.

    Raises:
        StackError: it did not start.
    """
    folder = Folder(Path(tempfile.mkdtemp(prefix="local-stack-")).resolve())
    folder.prepare()
    process = _spawn(folder, "--temporary", *_prefect_option(prefect), stdin=subprocess.PIPE)
    try:
        _wait_until_ready(folder, lambda: process.poll() is None, lambda line: None)
        yield Stack(folder.root, read_addresses(folder).variables(prefect=prefect))
    finally:
        # Its owner's end of the pipe: the supervisor ends when it closes.
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _clear(folder)


def stop(root: Path | None = None) -> bool:
    """End the stack of a folder, and whatever a killed supervisor left; false: nothing ran."""
    # Needs psutil, which joining does not.
    from infrastructure.local.processes import end_processes

    folder = Folder((root or DEFAULT_ROOT).resolve())
    if not folder.root.is_dir():
        return False
    with held(folder.start_lock):
        state = read_state(folder)
        if state is None:
            return False
        ended = end_processes({"supervisor": state.supervisor}, STOP_LIMIT_SECONDS)
        ended += end_processes(state.parts)
        folder.state.unlink(missing_ok=True)
        folder.kept.unlink(missing_ok=True)
        shutil.rmtree(folder.sockets, ignore_errors=True)
    return bool(ended)


def _join(folder: Folder, idle_seconds: float | None, prefect: bool) -> Stack | None:
    """Return the stack if it is ready, and leave word that it is in use."""
    if not is_held(folder.life_lock):
        return None
    state = read_state(folder)
    if state is None or state.phase != "ready":
        return None
    if prefect and not state.prefect:
        raise StackError(
            f"The local stack in {folder.root} runs without Prefect, which is needed here. "
            "End it with `python -m infrastructure.local down`, then try again."
        )
    if idle_seconds is None:
        folder.kept.touch()
    folder.last_used.touch()
    return Stack(folder.root, read_addresses(folder).variables(prefect=state.prefect))


def _prefect_option(prefect: bool) -> list[str]:
    return ["--prefect" if prefect else "--no-prefect"]


def _spawn(
    folder: Folder, *options: str, stdin: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """Start the supervisor, apart from this terminal."""
    _disown_state(folder)
    command = [sys.executable, "-m", "infrastructure.local.supervisor", "--root", str(folder.root)]
    with folder.log("supervisor").open("ab") as log:
        return subprocess.Popen(
            [*command, *options],
            cwd=REPOSITORY,
            stdin=stdin,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _disown_state(folder: Folder) -> None:
    """Mark what a killed supervisor wrote as past; the next one ends the parts named there."""
    state = read_state(folder)
    if state is not None:
        state.phase = "lost"
        write_state(folder, state)


def _wait_until_ready(
    folder: Folder, alive: Callable[[], bool], announce: Callable[[str], None]
) -> None:
    """Return when the supervisor says that every part is ready.

    Raises:
        StackError: it ended instead, or took too long.
    """
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        still_alive = alive()
        state = read_state(folder)
        if state is not None and state.phase == "ready":
            for opened in state.notices:
                announce(f"Let other users pass through (not read) {opened}: PostgreSQL needs it.")
            return
        if not still_alive:
            raise StackError((state.message if state else "") or _supervisor_log(folder))
        time.sleep(POLL_SECONDS)
    raise StackError(
        f"The local stack in {folder.root} was not ready after {START_LIMIT_SECONDS:g} seconds. "
        f"Its logs: {folder.log('supervisor').parent}"
    )


def _supervisor_log(folder: Folder) -> str:
    log = folder.log("supervisor")
    last = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return "\n".join([f"The local stack did not start. The end of {log}:", *last])


def _clear(folder: Folder) -> None:
    """Take away what a supervisor that failed or was killed has left of a temporary stack."""
    if not folder.root.exists():
        return
    stop(folder.root)
    shutil.rmtree(folder.root, ignore_errors=True)
    shutil.rmtree(folder.sockets, ignore_errors=True)
