"""The one process of a stack that starts the parts, starts them again, and ends them.

Started by `infrastructure.local.stack`; it takes the life lock, so there is at most one per
folder. A part that dies is started again. It ends on SIGTERM, when nobody used the stack for a
while, or, for a temporary stack, when its owner's end of the pipe closes; then it ends every
part, and takes a temporary folder away.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from infrastructure.local import postgres
from infrastructure.local.addresses import choose_addresses
from infrastructure.local.folder import Folder, StackError
from infrastructure.local.idle import Idleness, Listener
from infrastructure.local.keeper import Keeper, PartFailed
from infrastructure.local.parts import parts_of
from infrastructure.local.processes import describe, end_processes
from infrastructure.local.state import State, read_state, take_for_life, write_state

EXIT_TAKEN = 3
"""Another supervisor has the folder."""

LOOKS_PER_IDLE_TIME = 4
LONGEST_LOOK_SECONDS = 15.0


class Supervisor:
    """Runs the parts of one folder until told to end."""

    def __init__(self, folder: Folder, state: State) -> None:
        self.folder = folder
        self.state = state
        self.ending = asyncio.Event()
        self.keepers: list[Keeper] = []

    async def run(self, idle_seconds: float | None) -> None:
        """Start every part, watch until the end, and stop them all.

        Raises:
            StackError: a part did not start.
        """
        self._clear_the_field()
        self.state.notices = await asyncio.to_thread(postgres.prepare, self.folder)
        addresses = choose_addresses(self.folder)
        parts = parts_of(self.folder, addresses, prefect=self.state.prefect)
        started = {part.name: asyncio.Event() for part in parts}
        self.keepers = [Keeper(part, self.folder, started, self._note) for part in parts]
        keeping = [asyncio.create_task(keeper.keep()) for keeper in self.keepers]
        try:
            await self._until_started(keeping, started)
            if not self.ending.is_set():
                self._enter("ready")
                watch = asyncio.create_task(self._watch(idle_seconds))
                await self._first_of([*keeping, watch])
        finally:
            await self._stop(keeping)

    def _clear_the_field(self) -> None:
        """Stop what a killed supervisor left behind."""
        last = read_state(self.folder)
        if last is not None and (found := end_processes(last.parts)):
            say(f"stopped what a killed supervisor left: {', '.join(found)}")
        self._enter("starting")

    def _enter(self, phase: str) -> None:
        self.state.phase = phase
        write_state(self.folder, self.state)
        say(phase)

    def _note(self, keeper: Keeper) -> None:
        """Write down which process a part is now."""
        if keeper.process is None:
            return
        try:
            self.state.parts[keeper.part.name] = describe(keeper.process.pid)
        except psutil.NoSuchProcess:
            return  # It has ended already, which its keeper is about to see.
        write_state(self.folder, self.state)

    async def _until_started(
        self, keeping: list[asyncio.Task[None]], started: dict[str, asyncio.Event]
    ) -> None:
        async def all_started() -> None:
            for event in started.values():
                await event.wait()

        await self._first_of([*keeping, asyncio.create_task(all_started())])

    async def _first_of(self, tasks: list[asyncio.Task[None]]) -> None:
        """Wait until one of the tasks or the whole stack ends; hand on a task's error."""
        end = asyncio.create_task(self.ending.wait())
        done, _ = await asyncio.wait([*tasks, end], return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        for task in done:
            task.result()

    async def _watch(self, idle_seconds: float | None) -> None:
        """Return when nobody has used the stack for `idle_seconds`."""
        if idle_seconds is None:
            await self.ending.wait()
            return
        idleness = Idleness(self.folder, idle_seconds, time.monotonic())
        pause_seconds = min(LONGEST_LOOK_SECONDS, idle_seconds / LOOKS_PER_IDLE_TIME)
        while not idleness.over(self._listeners(), time.monotonic()):
            await asyncio.sleep(pause_seconds)
        say(f"ending: no client for {idle_seconds:g} seconds")

    def _listeners(self) -> list[Listener]:
        return [
            Listener(keeper.process.pid, keeper.part.port)
            for keeper in self.keepers
            if keeper.process is not None and keeper.part.port is not None
        ]

    async def _stop(self, keeping: list[asyncio.Task[None]]) -> None:
        """End every part: those that others stand on last."""
        self.ending.set()
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await asyncio.gather(*(keeper.stop() for keeper in self.keepers if keeper.part.after))
        await asyncio.gather(*(keeper.stop() for keeper in self.keepers))


def say(message: str) -> None:
    """Write a line to the supervisor's log."""
    print(datetime.now(UTC).isoformat(timespec="milliseconds"), message, flush=True)


async def supervise(folder: Folder, options: argparse.Namespace) -> int:
    """Run the stack of a folder to its end and return the exit code."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    myself = describe(os.getpid())
    supervisor = Supervisor(folder, State("starting", now, myself, prefect=options.prefect))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.ending.set)
    if options.temporary:
        _end_with_owner(loop, supervisor.ending.set)
    try:
        await supervisor.run(options.idle_seconds)
    except (StackError, PartFailed, OSError) as error:
        say(f"failed: {error}")
        supervisor.state.phase, supervisor.state.message = "failed", str(error)
        write_state(folder, supervisor.state)
        return 1
    folder.state.unlink(missing_ok=True)
    folder.kept.unlink(missing_ok=True)
    say("ended")
    return 0


def _end_with_owner(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Call `end` when the owner closes its end of standard input, or is killed."""

    def closed() -> None:
        loop.remove_reader(sys.stdin.fileno())
        end()

    loop.add_reader(sys.stdin.fileno(), closed)


def main() -> int:
    """Read the arguments and run."""
    reader = argparse.ArgumentParser(prog="python -m infrastructure.local.supervisor")
    reader.add_argument("--root", type=Path, required=True)
    reader.add_argument("--idle-seconds", type=float)
    reader.add_argument("--prefect", action=argparse.BooleanOptionalAction, default=True)
    reader.add_argument("--temporary", action="store_true")
    options = reader.parse_args()
    folder = Folder(options.root)
    if not take_for_life(folder.life_lock):
        return EXIT_TAKEN
    if not options.temporary and os.fork():
        # The starter waits for this process, not for the one that goes on with the lock.
        return 0
    code = asyncio.run(supervise(folder, options))
    if options.temporary and code == 0:
        shutil.rmtree(folder.root, ignore_errors=True)
    shutil.rmtree(folder.sockets, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
