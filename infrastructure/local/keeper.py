"""Keeps one part alive: starts it, waits until it is ready, starts it again when it dies."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from infrastructure.local.folder import REPOSITORY, Folder
from infrastructure.local.parts import Part, clean_environment

START_LIMIT_SECONDS = 120.0
STOP_LIMIT_SECONDS = 10.0
PROBE_PAUSE_SECONDS = 0.02
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0
LOG_LINES = 15

FIRST_TRIES = 3
"""How often a part may end before it was ever ready: a process of the same part that was killed
a moment ago may still hold a port or a piece of shared memory."""


class PartFailed(Exception):
    """A part ended, or stayed silent, before it was ready for the first time."""


class Keeper:
    """One part and the process that it is at the moment.

    Attributes:
        part: what to run.
        process: what runs now; None before the first start.
    """

    def __init__(
        self,
        part: Part,
        folder: Folder,
        started: Mapping[str, asyncio.Event],
        note: "Callable[[Keeper], None]",
    ) -> None:
        self.part = part
        self.process: Process | None = None
        self._folder = folder
        self._started = started
        self._note = note

    async def keep(self) -> None:
        """Run the part until cancelled.

        Raises:
            PartFailed: it ended before it was ever ready.
        """
        if self.part.after:
            await self._started[self.part.after].wait()
        pause_seconds = FIRST_PAUSE_SECONDS
        tries_left = FIRST_TRIES
        while True:
            process = await self._start()
            tries_left -= 1
            if await self._until_ready(process):
                self._started[self.part.name].set()
                pause_seconds = FIRST_PAUSE_SECONDS
            elif not self._started[self.part.name].is_set() and (
                tries_left == 0 or process.returncode is None
            ):
                raise PartFailed(self._why(process))
            code = await process.wait()
            self._say(f"ended with code {code}; starting it again in {pause_seconds:g} s")
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    async def stop(self) -> None:
        """End the process: as it likes best, and after a while by force."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.send_signal(self.part.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), STOP_LIMIT_SECONDS)
        except TimeoutError:
            self._say("did not end in time; killed")
            process.kill()
            await process.wait()

    async def _start(self) -> Process:
        """Start the process, in a group of its own: a Ctrl-C in the terminal is not for it."""
        identity: dict[str, Any] = {}
        if self.part.user is not None:
            identity = {"user": self.part.user, "group": self.part.group, "extra_groups": []}
        with self._folder.log(self.part.name).open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=REPOSITORY,
                env={**clean_environment(), **self.part.environment},
                start_new_session=True,
                **identity,
            )
        self._note(self)
        return self.process

    async def _until_ready(self, process: Process) -> bool:
        """Ask until the part is ready (True), or has ended or been silent for long (False)."""
        deadline = asyncio.get_running_loop().time() + START_LIMIT_SECONDS
        while process.returncode is None and asyncio.get_running_loop().time() < deadline:
            try:
                if await asyncio.to_thread(self.part.ready):
                    return process.returncode is None
            except OSError:
                pass  # Nobody listens yet.
            await asyncio.sleep(PROBE_PAUSE_SECONDS)
        return False

    def _why(self, process: Process) -> str:
        log = self._folder.log(self.part.name)
        last = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        state = (
            f"was not ready after {START_LIMIT_SECONDS:g} seconds"
            if process.returncode is None
            else f"ended with code {process.returncode} before it was ready"
        )
        return f"{self.part.name} {state}. The end of {log}:\n" + "\n".join(last)

    def _say(self, message: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        print(now, f"{self.part.name} {message}", flush=True)
