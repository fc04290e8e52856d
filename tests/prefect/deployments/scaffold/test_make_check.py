"""A new flow passes all of `make check` before anybody has edited it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack
from tests.prefect.copied import REPOSITORY, tracked

NAME = "scaffolded_shifts"
TEST = f"tests/prefect/test_{NAME}.py"

CONFTEST = """
import os
from pathlib import Path

import pytest

from infrastructure.local.stack import Stack


@pytest.fixture(scope="session")
def prefect_stack() -> Stack:
    return Stack(Path(os.environ["STACK_ROOT"]), dict(os.environ))
"""
"""The stack of this session instead of another one, which would take six seconds to start."""

SCRIPT = f"""
python -m deployments new "Scaffolded shifts" --own-image
python -m black --quiet --check --diff flows/{NAME} {TEST}
python -m isort --quiet --check --diff flows/{NAME} {TEST}
python -m mypy flows/{NAME} {TEST}
python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
python -m pytest -q -p no:cacheprovider {TEST}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this repository, in a folder with a blank in its name."""
    folder = tmp_path / "prefect flows"
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, folder / name)
    # What is known of the types of the rest, when `make check` has just found it out.
    if (REPOSITORY / ".mypy_cache").is_dir():
        shutil.copytree(REPOSITORY / ".mypy_cache", folder / ".mypy_cache")
    return folder


def test_a_new_flow_passes_make_check_at_once(repository: Path, prefect_stack: Stack) -> None:
    """Format, types, import contracts, and its own test against real servers."""
    (repository / "tests/prefect/conftest.py").write_text(CONFTEST)
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.pop('PATH')}"
    stack = {**prefect_stack.variables, "STACK_ROOT": str(prefect_stack.root)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", SCRIPT],
        cwd=repository,
        env={**kept, **stack, "PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "1 passed" in done.stdout
