"""Documents name only what exists."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]

INVENTED = {"flows.my_flow", "flows.donor_summary"}
"""Flows that documents make up."""


def documents() -> list[Path]:
    """Every Markdown file that is part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [REPOSITORY / line for line in listed.stdout.splitlines()]


def anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub links to them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "document", documents(), ids=lambda path: str(path.relative_to(REPOSITORY))
)
def test_every_link_leads_somewhere(document: Path) -> None:
    """A relative link names a file that exists, and a heading that it has."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or anchor and anchor not in anchors(file):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize(
    "document", documents(), ids=lambda path: str(path.relative_to(REPOSITORY))
)
def test_no_document_names_a_module_that_does_not_exist(document: Path) -> None:
    """`python -m x.y` in a document can be run."""
    named = re.findall(
        r"python -m ((?:flows|infrastructure|utilities|blocks|deployments|benchmarks)[\w.]*)",
        document.read_text(),
    )
    missing = [name for name in named if name not in INVENTED and not _is_module(name)]
    assert missing == []


def _is_module(name: str) -> bool:
    path = REPOSITORY / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()
