"""Command blocks that documents mark as runnable do run, in a copy of the repository."""

import re
from pathlib import Path

import pytest

from tests.prefect.copied import REPOSITORY, run_in, tracked


def blocks(document: str) -> list[str]:
    """The blocks of a document that begin with ```sh run."""
    return re.findall(r"^```sh run\n(.*?)^```", (REPOSITORY / document).read_text(), re.M | re.S)


RUNNABLE = [document for document in tracked("*.md") if blocks(document)]


def test_there_is_something_to_run() -> None:
    """The README shows at least one command that this file runs."""
    assert "README.md" in RUNNABLE


@pytest.mark.parametrize("document", RUNNABLE)
def test_runnable_blocks_run(copy: Path, document: str) -> None:
    """Every marked block ends well, in the order of the document."""
    for block in blocks(document):
        done = run_in(copy, block)
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
