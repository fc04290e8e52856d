"""The architecture is checked with the tests: arrows point down."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_every_import_contract_is_kept() -> None:
    """flows > utilities.tasks > core > settings, flows independent, the local stack apart."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_a_forbidden_import_is_found(tmp_path: Path) -> None:
    """The contracts can fail: a core module that imports Prefect breaks them."""
    for name in ("flows", "utilities", "blocks", "deployments", "infrastructure", "pyproject.toml"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "utilities").unlink()
    subprocess.run(["cp", "-r", REPOSITORY / "utilities", tmp_path / "utilities"], check=True)
    core = tmp_path / "utilities" / "references.py"
    core.write_text(core.read_text() + "\nimport prefect\n")
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "The core knows no Prefect BROKEN" in " ".join(done.stdout.split())
