"""Which files count that are not Python, and which files do not count at all."""

import os
from pathlib import Path

import pytest

from tests.made_repository import make_repository
from tests.unit.deployments.fingerprint.made_flow import depend, names
from utilities.errors import DeclarationInvalid


def test_a_file_belongs_to_the_nearest_folder_with_python(tmp_path: Path) -> None:
    """A package's SQL counts with the package, in whichever subfolder it lies."""
    files = {
        "flows/orders/__init__.py": "import shelf.money.rates\n",
        "flows/orders/sql/deep/a.sql": "",
        "flows/notes.md": "",
        "flows/people/__init__.py": "",
        "flows/people/people.sql": "",
        "shelf/money/rates.py": "",
        "shelf/money/rates.csv": "",
        "shelf/money/unused/code.py": "",
        "shelf/money/unused/data.csv": "",
        "shelf/names/names.py": "",
        "shelf/names/names.csv": "",
        "README.md": "",
    }
    depends = depend(tmp_path, files, flow="flows/orders/__init__.py")
    assert names(depends) == [
        "flows/notes.md",
        "flows/orders/__init__.py",
        "flows/orders/sql/deep/a.sql",
        "shelf/money/rates.csv",
        "shelf/money/rates.py",
    ]
    reasons = {str(file): reason for file, reason in depends.because.items()}
    assert reasons["flows/orders/sql/deep/a.sql"] == "flows.orders"
    assert reasons["shelf/money/rates.csv"] == "shelf.money"


def test_what_an_image_is_built_from_counts(tmp_path: Path) -> None:
    """The lock, the Dockerfile and what the image leaves out, and those of the flow's own image."""
    image = ["requirements.txt", "Dockerfile", ".dockerignore"]
    own = ["flows/orders/requirements.txt", "flows/orders/Dockerfile"]
    files = dict.fromkeys([*image, *own, "flows/orders/__init__.py", "pyproject.toml"], "")
    depends = depend(tmp_path, files, flow="flows/orders/__init__.py", own_image="flows/orders")
    assert sorted(names(depends)) == sorted([*image, *own, "flows/orders/__init__.py"])
    assert list(map(str, depends.because)) == ["flows/__init__.py"]


def test_the_same_files_of_another_entrypoint_have_another_fingerprint(tmp_path: Path) -> None:
    """Two flows of one module are two deployments."""
    first = depend(tmp_path, {"flows/orders/__init__.py": ""}, flow="flows/orders/__init__.py")
    again = depend(tmp_path, {}, flow="flows/orders/__init__.py")
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 16


def test_a_file_that_moved_has_another_fingerprint(tmp_path: Path) -> None:
    """Where a file is counts as much as what it holds."""
    before = depend(tmp_path, {"flows/orders.py": "", "flows/a.sql": ""})
    (tmp_path / "flows/a.sql").rename(tmp_path / "flows/b.sql")
    assert depend(tmp_path, {"flows/orders.py": ""}).fingerprint != before.fingerprint


def test_only_files_that_git_would_track_count(tmp_path: Path) -> None:
    """A new file counts before it is added; one that .gitignore names or that is gone does not."""
    made = make_repository(tmp_path)
    made.write("flows/__init__.py", "")
    made.write("flows/tracked.sql", "")
    made.write("flows/deleted.sql", "")
    made.write(".gitignore", "ignored.sql\nscratch/\n")
    made.commit()
    (tmp_path / "flows/deleted.sql").unlink()
    files = {
        "flows/orders.py": "import shelf.scratch.module, shelf.new\n",
        "flows/untracked.sql": "",
        "flows/ignored.sql": "",
        "shelf/new.py": "",
        "shelf/scratch/module.py": "",
    }
    assert names(depend(tmp_path, files)) == [
        "Dockerfile",
        "flows/orders.py",
        "flows/tracked.sql",
        "flows/untracked.sql",
        "requirements.txt",
        "shelf/new.py",
    ]


def test_a_linked_file_counts_with_what_it_links_to(tmp_path: Path) -> None:
    """A change of the target is a change of what a run reads; a link to nowhere is no file."""
    (tmp_path / "flows").mkdir()
    target = tmp_path / "target.sql"
    target.write_text("SELECT 1")
    os.symlink(target, tmp_path / "flows/linked.sql")
    os.symlink(tmp_path / "nowhere", tmp_path / "flows/lost.sql")
    before = depend(tmp_path, {"flows/orders.py": ""})
    assert names(before) == ["flows/linked.sql", "flows/orders.py"]
    target.write_text("SELECT 2")
    assert depend(tmp_path, {}).fingerprint != before.fingerprint


def test_a_package_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """With where it is declared and what is expected."""
    with pytest.raises(DeclarationInvalid) as error:
        depend(tmp_path, {"flows/orders.py": ""}, packages=("flows", "shelves", "shops"))
    assert str(error.value) == (
        "environments.yaml: packages: there is no shelves, shops in the repository. Expected the "
        "names of folders with Python files, or of modules, beside prefect.yaml; files that "
        ".gitignore names do not count."
    )
