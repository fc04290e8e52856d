"""Read the parameter schemas of flows by importing them in a process of their own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

from deployments.parameter_schemas import importing
from deployments.parameter_schemas.schema import FlowSchema, SchemaFailure
from utilities.errors import FlowBroken

LIMIT_SECONDS = 60.0
"""Longest import of one flow's module."""

START_LIMIT_SECONDS = 120.0
"""Longest import of Prefect itself."""

ORDERED = {"PYTHONHASHSEED": "0"}
"""Else a default that holds a set of texts has another order each time, and seems changed."""


def read_schemas(root: Path, entrypoints: Sequence[str]) -> dict[str, FlowSchema | SchemaFailure]:
    """Import flows and return what they tell, by entrypoint.

    A flow whose module raises, ends its process or does not come to an end fails alone.

    Args:
        root: folder that the entrypoints start from, and that the modules import from.
        entrypoints: as `flows/van_contacts.py:van_contacts`.

    Raises:
        FlowBroken: Prefect itself cannot be imported.
    """
    if not entrypoints:
        return {}
    with SchemaReader(root) as reader:
        return reader.read(entrypoints)


class SchemaReader:
    """A process that imports flows. It begins to import Prefect when the block is entered, so
    that other work can be done meanwhile."""

    def __init__(self, root: Path, limit_seconds: float = LIMIT_SECONDS) -> None:
        """Prepare; nothing runs yet.

        Args:
            root: see `read_schemas`.
            limit_seconds: longest import of one flow's module.
        """
        self._root = root
        self._limit_seconds = limit_seconds
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        self._process = _Process(self._root)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def read(self, entrypoints: Sequence[str]) -> dict[str, FlowSchema | SchemaFailure]:
        """See `read_schemas`."""
        return {entrypoint: self._read_one(entrypoint) for entrypoint in entrypoints}

    def _read_one(self, entrypoint: str) -> FlowSchema | SchemaFailure:
        if self._process is None:
            self._process = _Process(self._root)
        self._process.wait_until_ready()
        answer = self._process.ask(entrypoint, self._limit_seconds)
        if answer is not None:
            content = json.loads(answer)
            return SchemaFailure(**content) if "reason" in content else FlowSchema(**content)
        reason = self._process.stop()
        self._process = None
        return SchemaFailure(reason, f"{entrypoint.rpartition(':')[0]}:1")


class _Process:
    """One run of `importing`."""

    def __init__(self, root: Path) -> None:
        self._said = tempfile.TemporaryFile()
        try:
            self._process = self._start(root)
        except OSError:
            self._said.close()
            raise
        self._is_ready = False
        self._is_too_slow = False
        self._said_before_bytes = 0
        self._end: str | None = None

    def _start(self, root: Path) -> subprocess.Popen[str]:
        # By its file, not by its name: the folder that the flows are in need not have us. With -P
        # its own folder is not searched for what they import.
        return subprocess.Popen(
            [sys.executable, "-P", str(Path(importing.__file__).resolve())],
            cwd=root,
            env=ORDERED | os.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,
            encoding="utf-8",
        )

    def wait_until_ready(self) -> None:
        """Wait for the import of Prefect."""
        if self._is_ready:
            return
        if not self._line(START_LIMIT_SECONDS):
            reason = self.stop()
            raise FlowBroken(
                f"No flow can be imported, because Prefect cannot, with {sys.executable}: {reason}."
                " Install the packages of requirements.txt there."
            )
        self._is_ready = True

    def ask(self, entrypoint: str, limit_seconds: float) -> str | None:
        """Return the answer about one entrypoint; None when the process ended instead."""
        assert self._process.stdin is not None
        self._said_before_bytes = os.fstat(self._said.fileno()).st_size
        try:
            self._process.stdin.write(json.dumps(entrypoint) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        return self._line(limit_seconds) or None

    def stop(self) -> str:
        """End it and whatever it started; return why it had ended before that, if it had."""
        if self._end is not None:
            return self._end
        self._kill()
        status = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()
        with self._said as file:
            file.seek(self._said_before_bytes)
            said = file.read().decode(errors="replace")
        self._end = self._describe(status, said)
        return self._end

    def _describe(self, status: int, said: str) -> str:
        if self._is_too_slow:
            return "TimeoutError: its import does not come to an end"
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        last = said.strip().rpartition("\n")[2]
        return f"SystemExit: the import ended the process with {how}" + (last and f": {last}")

    def _line(self, limit_seconds: float) -> str:
        """Return its next line; an empty text when it ends, or is ended for being too slow."""
        assert self._process.stdout is not None
        timer = Timer(limit_seconds, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            line = self._process.stdout.readline()
            if not line.endswith("\n"):
                # It is left to `stop` to let its number go: until then no other process has it.
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                return ""
            return line
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self._is_too_slow = True
        self._kill()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
