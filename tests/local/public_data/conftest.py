"""Public files as they are published, with all their faults, next to the repository."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.warehouse import ask, settings, stage_files

__all__ = ["ask", "public_file", "settings", "stage_files"]

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def public_file() -> Callable[[str], Path]:
    """Return the path of a public file, or skip the test where the folder is absent."""

    def find(name: str) -> Path:
        if not DATA.is_dir():
            pytest.skip(f"no folder {DATA.parent.name}/{DATA.name} beside the repository")
        return DATA / name

    return find
