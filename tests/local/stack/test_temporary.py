"""`run -- COMMAND`: a stack for one program, gone afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from tests.local.stack.clients import command, sockets_of, until

REPORT = """
import json, os, sys
from pathlib import Path
import psutil
found = {
    "processes": [p.pid for p in psutil.Process(os.getppid()).children(recursive=True)],
    "roots": [str(p) for p in Path(sys.argv[1]).iterdir()],
    "bucket": os.environ["S3_TEMP_BUCKET"],
}
print(json.dumps(found), flush=True)
sys.exit(7) if sys.argv[2] == "end" else sys.stdin.read()
"""


def assert_gone(report: dict[str, Any], place: Path) -> None:
    """Neither a process nor a file of the stack is left."""
    (root,) = report["roots"]
    until(lambda: not any(map(psutil.pid_exists, report["processes"])), "every process gone")
    until(lambda: list(place.iterdir()) == [], "the folder gone")
    assert not sockets_of(Path(root)).exists()


def test_the_status_is_passed_on_and_nothing_is_left(place: Path) -> None:
    """The command gets the variables, its exit status is ours, and all is taken away."""
    program = [sys.executable, "-c", REPORT, str(place), "end"]
    ended = command("run", "--no-prefect", "--", *program, env={"TMPDIR": str(place)})
    assert ended.returncode == 7, ended.stderr
    report = json.loads(ended.stdout)
    assert report["bucket"] == "prefect-flows"
    assert_gone(report, place)


def test_a_killed_owner_leaves_nothing(place: Path) -> None:
    """SIGKILL of `run`: the supervisor sees it and takes everything away."""
    owner = subprocess.Popen(
        [sys.executable, "-m", "infrastructure.local", "run", "--no-prefect", "--"]
        + [sys.executable, "-c", REPORT, str(place), "stay"],
        env={**os.environ, "TMPDIR": str(place)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdin is not None and owner.stdout is not None
    with owner.stdin, owner.stdout:
        report = json.loads(owner.stdout.readline())
        owner.kill()
        owner.wait()
    assert_gone(report, place)


def test_a_command_that_does_not_exist_is_named(place: Path) -> None:
    """A wrong command is an error of one line, and nothing is left."""
    ended = command("run", "--no-prefect", "--", "no-such-command", env={"TMPDIR": str(place)})
    assert ended.returncode == 1
    assert ended.stderr == "no-such-command cannot be run: No such file or directory\n"
    assert list(place.iterdir()) == []
