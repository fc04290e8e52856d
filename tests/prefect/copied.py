"""A copy of the repository in another folder, in which things run with nothing configured."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def tracked(pattern: str = "*") -> list[str]:
    """Files of the repository, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]


@pytest.fixture(scope="session")
def copy() -> Iterator[Path]:
    """The repository in a folder with a blank in its name, with its environment.

    Not under pytest's own folder: that one is closed to the user PostgreSQL runs as for root.
    """
    parent = Path(tempfile.mkdtemp())
    folder = parent / "prefect flows"
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    run_in(folder, ".venv/bin/python -m infrastructure.local reset --yes")
    shutil.rmtree(parent)


def run_in(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a block as a person would, with nothing configured."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
