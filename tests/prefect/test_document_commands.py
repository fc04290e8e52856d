"""Command blocks that documents mark as runnable do run, in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def tracked(pattern: str = "*") -> list[str]:
    """Files of the repository, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()]


def blocks(document: str) -> list[str]:
    """The blocks of a document that begin with ```sh run."""
    return re.findall(r"^```sh run\n(.*?)^```", (REPOSITORY / document).read_text(), re.M | re.S)


RUNNABLE = [document for document in tracked("*.md") if blocks(document)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The repository in a folder with a blank in its name, with its environment."""
    folder = tmp_path_factory.mktemp("a copy") / "prefect flows"
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    run(folder, ".venv/bin/python -m infrastructure.local reset --yes")


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
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


def test_there_is_something_to_run() -> None:
    """The README shows at least one command that this file runs."""
    assert "README.md" in RUNNABLE


@pytest.mark.parametrize("document", RUNNABLE)
def test_runnable_blocks_run(copy: Path, document: str) -> None:
    """Every marked block ends well, in the order of the document."""
    for block in blocks(document):
        done = run(copy, block)
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
