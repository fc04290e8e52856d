"""Blocks that documents mark as runnable do run, in a copy of the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.prefect.copied import REPOSITORY, run_in, tracked


def blocks(document: str) -> list[tuple[str, str]]:
    """The blocks of a document that begin with ```sh run or ```python run: language and text."""
    text = (REPOSITORY / document).read_text()
    return re.findall(r"^```(sh|python) run\n(.*?)^```", text, re.M | re.S)


RUNNABLE = [document for document in tracked("*.md") if blocks(document)]


def test_there_is_something_to_run() -> None:
    """The README shows at least one command that this file runs."""
    assert "README.md" in RUNNABLE


@pytest.fixture(scope="module")
def stopped(copy: Path) -> Iterator[Path]:
    """The copy, whose stack is stopped afterwards: others look at how it starts.

    What one document starts, the next ones join: a reader keeps it running too.
    """
    yield copy
    run_in(copy, ".venv/bin/python -m infrastructure.local down")
    (copy / "flows" / "from_document.py").unlink(missing_ok=True)


@pytest.mark.parametrize("document", RUNNABLE)
def test_runnable_blocks_run(stopped: Path, document: str) -> None:
    """Every marked block ends well, in the order of the document."""
    for language, block in blocks(document):
        if language == "python":
            (stopped / "flows" / "from_document.py").write_text(block)
            done = run_in(stopped, ".venv/bin/python -m flows.from_document")
        else:
            done = run_in(stopped, block)
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
