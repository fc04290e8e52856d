"""Run `python -m flows.x` in a process of its own, without its wait for imports.

Most of what a small flow run costs is the import of Prefect and pyarrow; here it was done before
the process was forked. Nothing else differs from `python`: arguments, variables, settings, output,
signals, status. What a fresh interpreter does is seen where a person's own commands are run in a
clone, where secrets are looked for, when a run is told to end, and at a terminal.
"""

import atexit
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from tests.forking import FORKING

REPOSITORY = Path(__file__).parents[2]
LIMIT_SECONDS = 120.0


class Program:
    """Python with arguments, as a process that runs."""

    def __init__(self, words: list[str], environment: Mapping[str, str]) -> None:
        """Start it.

        Args:
            words: as after `python`: `-m` and a module, or `-c` and a program, then arguments.
            environment: all variables of the process.
        """
        self._words = words
        self._folder = tempfile.TemporaryDirectory()
        self._written = [Path(self._folder.name, name) for name in ("output", "errors")]
        for file in self._written:
            file.touch()
        wanted = (words, dict(environment), self._written)
        self.process = FORKING.Process(target=_execute, args=wanted, daemon=True)
        self.process.start()

    def end(self) -> "subprocess.CompletedProcess[str]":
        """Wait for its end and return its status and what it wrote."""
        self.process.join(LIMIT_SECONDS)
        is_late = self.process.is_alive()
        if is_late:
            self.process.kill()
            self.process.join()
        output, errors = (file.read_text() for file in self._written)
        self._folder.cleanup()
        status = self.process.exitcode
        assert status is not None
        assert not is_late, f"{self._words} did not end in {LIMIT_SECONDS:g} s: {output}{errors}"
        return subprocess.CompletedProcess(self._words, status, output, errors)


def run(*words: str, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end; arguments as of Program."""
    return Program(list(words), environment).end()


def _execute(words: list[str], environment: dict[str, str], written: list[Path]) -> None:
    """Become `python` with these arguments; runs in the new process."""
    from prefect.context import refresh_global_settings_context

    for descriptor, file in enumerate(written, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_APPEND), descriptor)
    os.chdir(REPOSITORY)
    os.environ.clear()
    os.environ.update(environment)
    # Prefect has read the settings of the server's environment when it was imported there.
    refresh_global_settings_context()
    kind, program, *arguments = words
    sys.argv = [program if kind == "-m" else kind, *arguments]
    try:
        if kind == "-m":
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            sys.modules["__main__"] = main = ModuleType("__main__")
            exec(compile(program, "<string>", "exec"), main.__dict__)
    finally:
        # An interpreter does so at its end, a forked process does not.
        atexit._run_exitfuncs()
