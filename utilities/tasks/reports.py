"""Tell people what was loaded: a table in the terminal and the same as an artifact."""

import os
from collections.abc import Sequence

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from utilities.references import Loaded
from utilities.tasks.files import SourceFile
from utilities.tasks.shown_rows import show_rows

__all__ = [
    "publish_loads",
]

TEXTS = ("file", "new columns", "result")
SELDOM = ("deleted", "rejected")
"""Shown only when there is something to tell in them."""


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
    for name in SELDOM:
        if all(row[name] in ("0", "-") for row in rows):
            rows = [{key: row[key] for key in row if key != name} for row in rows]
    title = f"{table}: {_summary(files, loads)}"
    show_rows(title, rows, TEXTS)
    create_table_artifact(rows, key="loads", description=title)


def _row(name: str, loaded: Loaded) -> dict[str, str]:
    told = {
        "inserted": f"{loaded.rows_inserted:,}",
        "updated": f"{loaded.rows_updated:,}",
        "deleted": f"{loaded.rows_deleted:,}",
        "rejected": f"{loaded.rows_rejected:,}",
        "new columns": ", ".join(loaded.columns_added) or "-",
        "seconds": f"{loaded.seconds:.2f}",
        "result": "loaded",
    }
    if loaded.already_loaded:
        told = dict.fromkeys(told, "-") | {"result": "already loaded"}
    return {"file": name, "rows": f"{loaded.rows_staged:,}", **told}


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
