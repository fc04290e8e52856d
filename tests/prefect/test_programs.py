"""The processes in which other tests run programs are like those of `python`."""

import os
import signal
import subprocess
import sys

import pytest

from tests.prefect.programs import REPOSITORY, Program, run

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    # Else Python sets it itself where the locale is plain C.
    "LC_CTYPE": "C.UTF-8",
    "PREFECT_API_URL": "http://127.0.0.1:9/planted",
}

SHOW = """
import atexit, os, sys
from prefect.settings import get_current_settings
print(get_current_settings().api.url, sorted(os.environ), os.getcwd(), sys.argv, __name__)
print("to a person", file=sys.stderr)
atexit.register(print, "at the end")
sys.exit("the last line")
"""


def test_they_are_like_those_of_python() -> None:
    """Arguments, variables, folder, settings, output, errors, status and what runs at the end."""
    words = ("-c", SHOW, "--option", "an argument")
    expected = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=ENVIRONMENT, capture_output=True, text=True
    )
    done = run(*words, environment=ENVIRONMENT)
    assert (done.returncode, done.stdout, done.stderr) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )


@pytest.mark.parametrize(
    ("program", "status", "last"),
    [
        ("import sys; sys.exit(7)", 7, ""),
        ("raise ValueError('as ordered')", 1, "ValueError: as ordered\n"),
    ],
)
def test_a_failure_is_shown(program: str, status: int, last: str) -> None:
    """The status of an exit; status 1 and a traceback for an exception."""
    done = run("-c", program, environment=ENVIRONMENT)
    assert done.returncode == status
    assert done.stderr.endswith(last)


def test_they_can_be_killed() -> None:
    """A signal reaches the program itself."""
    program = Program(["-c", "import time\ntime.sleep(600)"], ENVIRONMENT)
    program.process.kill()
    assert program.end().returncode == -signal.SIGKILL
