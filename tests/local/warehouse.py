"""Fixtures for tests that stage and load: settings of the stack, files staged for real, and SQL."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from infrastructure.local.stack import Stack
from tests import clients
from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.settings import Settings
from utilities.staging import StageOptions, infer_columns
from utilities.staging import stage as stage_source

Ask = Callable[[str], list[tuple[Any, ...]]]
Stage = Callable[..., Staged]
StageFiles = Callable[..., list[Staged]]


@pytest.fixture
def settings(stack: Stack) -> Settings:
    """The settings that the stack's variables amount to."""
    return Settings.model_validate({name.lower(): value for name, value in stack.variables.items()})


@pytest.fixture
def ask(stack: Stack) -> Ask:
    """Run one statement as another client would, and return its rows."""
    return partial(clients.ask, stack)


@pytest.fixture
def stage_files(settings: Settings) -> StageFiles:
    """Stage files under one schema, as a run over all of them does."""

    def run(
        files: Sequence[Path], known: dict[str, str] | None = None, key: tuple[str, ...] = ()
    ) -> list[Staged]:
        store = ObjectStore(settings)
        columns = infer_columns([str(file) for file in files], store, known or {})
        batches = []
        for file in files:
            batch_key = sha256(file.read_bytes()).hexdigest()
            batches.append(
                stage_source(
                    str(file),
                    destination=f"s3://{settings.s3_temp_bucket}/staging/{batch_key}/",
                    store=store,
                    options=StageOptions(columns=columns, known=known or {}, key=key),
                )
            )
        return batches

    return run


@pytest.fixture
def stage(stage_files: StageFiles, tmp_path: Path) -> Stage:
    """Write text into a file and stage it; the file's name decides its format."""

    def run(
        text: str,
        name: str = "rows.csv",
        known: dict[str, str] | None = None,
        key: tuple[str, ...] = (),
    ) -> Staged:
        file = tmp_path / name
        file.write_text(text)
        return stage_files([file], known, key)[0]

    return run
