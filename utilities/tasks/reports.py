"""Tell people what was loaded: a table in the terminal and the same as an artifact."""

import os
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from rich.console import Console
from rich.table import Table

from utilities.references import Loaded
from utilities.tasks.files import SourceFile

COLUMNS = ("file", "rows", "inserted", "updated", "new columns", "seconds", "result")


@task(cache_policy=NO_CACHE)
def publish_loads(files: Sequence[SourceFile], loads: Sequence[Loaded], table: str) -> None:
    """Show what happened to each file of a run, in the terminal and as a table artifact.

    Args:
        files: every file that the source matched.
        loads: what `load_table` returned for the new ones, in their order.
        table: target as schema.table; names the artifact.
    """
    done = iter(loads)
    folder = _common_folder([file.uri for file in files])
    rows = [_row(file.uri.removeprefix(folder), file.loaded or next(done)) for file in files]
    shown = Table(title=f"{table}: {_summary(files, loads)}", title_justify="left")
    for name in COLUMNS:
        is_text = name in ("file", "new columns", "result")
        shown.add_column(name, justify="left" if is_text else "right", overflow="fold")
    for row in rows:
        shown.add_row(*(str(value) for value in row.values()))
    Console().print(shown)
    create_table_artifact(rows, key="loads", description=f"{table}: {_summary(files, loads)}")


def _row(name: str, loaded: Loaded) -> dict[str, Any]:
    rows = f"{loaded.rows_staged:,}"
    if loaded.already_loaded:
        values = (name, rows, "-", "-", "-", "-", "already loaded")
    else:
        inserted, updated = f"{loaded.rows_inserted:,}", f"{loaded.rows_updated:,}"
        added = ", ".join(loaded.columns_added) or "-"
        values = (name, rows, inserted, updated, added, f"{loaded.seconds:.2f}", "loaded")
    return dict(zip(COLUMNS, values, strict=True))


def _common_folder(uris: Sequence[str]) -> str:
    """Return the beginning that all addresses share, up to its last slash."""
    return os.path.commonprefix(uris).rpartition("/")[0] + "/"


def _summary(files: Sequence[SourceFile], loads: Sequence[Loaded]) -> str:
    fresh = [loaded for loaded in loads if not loaded.already_loaded]
    rows = sum(loaded.rows_staged for loaded in fresh)
    if not fresh:
        return f"nothing new, {_count(len(files), 'file')} already loaded"
    return f"{_count(rows, 'row')} from {_count(len(fresh), 'file')} loaded"


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
