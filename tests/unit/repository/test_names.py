"""Modules are named after what is in them, and after nothing that Python ships."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
VAGUE = {"utils", "helpers", "common", "misc"}


def test_no_module_is_called_like_one_of_pythons_or_like_nothing() -> None:
    """`import copy` means Python's copy wherever it stands, and no room is called misc."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    taken = sys.stdlib_module_names | VAGUE
    files = [Path(line) for line in listed.stdout.splitlines()]
    assert [file for file in files if {*file.with_suffix("").parts} & taken - {"__main__"}] == []
