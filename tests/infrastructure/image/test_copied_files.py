"""The image gets the files that fingerprints count, and no other."""

import subprocess
from pathlib import Path, PurePosixPath

import yaml

from deployments.git import project_files
from tests.infrastructure.image.dockerfile import read_dockerfile
from tests.infrastructure.image.ignored import read_ignored
from tests.infrastructure.image.made import REPOSITORY, copied_files

PACKAGES = yaml.safe_load((REPOSITORY / "environments.yaml").read_text())["packages"]
OURS = ("tests", "deployments", "infrastructure", "benchmarks")


def test_the_image_holds_what_fingerprints_count(tmp_path: Path) -> None:
    """Of a used checkout, exactly the packages' files that git knows or would add are copied.

    Compiled modules, caches and a filled .env stay out, wherever they lie: whatever .gitignore
    names.
    """
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for file in ("Dockerfile", ".dockerignore", ".gitignore", "requirements.txt", "prefect.yaml"):
        (tmp_path / file).write_bytes((REPOSITORY / file).read_bytes())
    for package in (*PACKAGES, *OURS):
        for file in ("__init__.py", "deep/query.sql", "deep/.hidden"):
            (tmp_path / package / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / package / file).write_text("content")
    for line in (REPOSITORY / ".gitignore").read_text().split():
        for folder in (tmp_path, tmp_path / "flows", tmp_path / "flows/deep"):
            left_out = folder / line.replace("*", "made")
            if line.endswith("/"):
                left_out.mkdir()
                left_out /= "file"
            left_out.write_text("content")
    counted = {file for file in project_files(tmp_path) if file.parts[0] in PACKAGES}
    workdir = PurePosixPath("/opt/prefect-flows")
    assert copied(tmp_path) == {workdir / file for file in counted}
    assert len(counted) == 9


def test_this_checkout_is_copied_as_it_is_counted() -> None:
    """The same holds for the repository itself."""
    counted = {file for file in project_files(REPOSITORY) if file.parts[0] in PACKAGES}
    assert copied(REPOSITORY) == {PurePosixPath("/opt/prefect-flows", file) for file in counted}


def copied(root: Path) -> set[PurePosixPath]:
    """What the Dockerfile of a folder copies from it."""
    dockerfile = read_dockerfile((root / "Dockerfile").read_text())
    ignored = read_ignored((root / ".dockerignore").read_text())
    return set(copied_files(root, dockerfile, ignored))
