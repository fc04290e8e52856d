"""What a commit may not bring in: unformatted code, a filled .env, a credential."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]

KEY = "AKIA" + "Z7QX2M4KTP9WLBNC"
"""Shaped like an AWS access key id; put together here so that this file may be committed."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with our hooks and the environment that they use."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copy(REPOSITORY / ".pre-commit-config.yaml", folder)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    git(folder, "init", "--quiet")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def hooks(folder: Path, name: str, content: str) -> tuple[int, str]:
    """Run the hooks over one added file, as `git commit` would."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content)
    git(folder, "add", "--force", name)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(folder / ".cache")}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--files", name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    git(folder, "rm", "--force", "--cached", "--quiet", name)
    file.unlink()
    return done.returncode, done.stdout + done.stderr


def test_clean_code_passes(clone: Path) -> None:
    """Formatted code without credentials may be committed."""
    status, said = hooks(clone, "flow.py", '"""A flow."""\n\nrows = 1\n')
    assert status == 0, said


def test_unformatted_code_is_rewritten_and_stops_the_commit(clone: Path) -> None:
    """black and isort have the last word."""
    status, said = hooks(clone, "flow.py", "import sys\nimport os\nx = {  'a':1 }\n")
    assert status == 1
    assert "isort" in said and "black" in said


def test_a_filled_env_file_is_refused(clone: Path) -> None:
    """Not even `git add --force .env` gets a .env into the repository."""
    status, said = hooks(clone, ".env", "REDSHIFT_HOST=warehouse.example.org\n")
    assert status == 1
    assert ".env holds credentials and stays on this machine" in said


def test_the_example_of_an_env_file_passes(clone: Path) -> None:
    """.env.example is documentation and belongs into the repository."""
    status, said = hooks(clone, ".env.example", (REPOSITORY / ".env.example").read_text())
    assert status == 0, said


@pytest.mark.parametrize("name", ["flow.py", "notes.md", ".env.example", "tests/test_flow.py"])
def test_a_key_shaped_string_is_refused(clone: Path, name: str) -> None:
    """An AWS access key is refused wherever it stands, and named with file and line."""
    status, said = hooks(clone, name, f"AWS_ACCESS_KEY_ID={KEY}\n")
    assert status == 1
    assert f"{name}:1" in said


def test_a_password_is_refused(clone: Path) -> None:
    """A password in code is refused, whatever it looks like; a test may invent one."""
    code = '"""A flow."""\n\npassword = "correct horse"\n'
    status, said = hooks(clone, "flow.py", code)
    assert status == 1
    assert "flow.py:3" in said
    status, said = hooks(clone, "tests/test_flow.py", code)
    assert status == 0, said


def test_what_is_committed_passes(tmp_path: Path) -> None:
    """No file of the repository holds what the hooks refuse, so that they can be believed."""
    for hook in ("filled-env", "credentials", "credentials-in-tests"):
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", hook, "--all-files"],
            cwd=REPOSITORY,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
