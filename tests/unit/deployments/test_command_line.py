"""`python -m deployments`: every command is there, and a slip is not taken for a result."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deployments.command_line import COMMANDS

REPOSITORY = Path(__file__).parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it as a person does, in this repository."""
    return subprocess.run(
        [sys.executable, "-m", "deployments", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )


def test_every_command_is_explained_and_documented() -> None:
    """`--help` lists each with what it does; the document shows each."""
    listed = re.findall(r"^│ (\w+) +\w", run("--help").stdout, re.M)
    assert listed == list(COMMANDS)
    document = (REPOSITORY / "docs" / "deployments.md").read_text()
    assert [name for name in COMMANDS if f"`{name}" not in document] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plna",), 'Unknown command "plna". Did you mean "plan"?'),
        (("plan",), 'Command "plan" parameter --environment requires an argument.'),
        (("plan", "--enviroment", "local"), "--enviroment"),
    ],
)
def test_a_slip_ends_with_status_1(arguments: tuple[str, ...], told: str) -> None:
    """Status 2 is how `plan` says that something differs."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_an_error_is_one_last_line() -> None:
    """What was found and what there is; no traceback."""
    done = run("plan", "--environment", "prodution")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("DeclarationInvalid: environments.yaml has no")


def test_prefect_is_not_imported() -> None:
    """Importing it takes longer than all the rest."""
    code = (
        "import sys, runpy; sys.argv[1:] = ['list']\n"
        "try: runpy.run_module('deployments', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print('prefect' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.stderr == "False\n"
