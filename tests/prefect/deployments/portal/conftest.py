"""A repository whose portal talks to the session's Prefect."""

from pathlib import Path
from uuid import uuid4

import pytest

from infrastructure.local.stack import Stack
from tests.made_repository import MadeRepository, make_repository


@pytest.fixture
def repository(
    prefect_stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MadeRepository:
    """Three flows of a project that no other test knows, checked out on main."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_stack.variables["PREFECT_API_URL"])
    monkeypatch.chdir(tmp_path)
    return make_repository(tmp_path, f"portal-{uuid4().hex[:8]}")
