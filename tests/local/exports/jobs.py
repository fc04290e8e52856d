"""What is done in a process that a test kills: an export and its load, as the flow does them."""

from collections.abc import Callable
from typing import Any

from utilities.everyaction import Patience, connect
from utilities.everyaction.exports import (
    Exported,
    Target,
    Waiting,
    Watch,
    Wish,
    export,
    plan_export,
)
from utilities.objects import ObjectStore
from utilities.redshift import (
    LoadOptions,
    find_watermark,
    load,
    parse_table_name,
    table_columns,
)
from utilities.references import Loaded
from utilities.settings import Settings

QUICK = Waiting(deadline_seconds=60.0, first_pause_seconds=0.02, longest_pause_seconds=0.1)
PATIENCE = Patience(first_pause_seconds=0.02)


def place_of(table: str, settings: Settings) -> str:
    """Return where an export of a table leaves its files."""
    return f"s3://{settings.s3_temp_bucket}/staging/{table}/export/"


def export_once(
    settings: Settings,
    table: str,
    resource_type: str = "Contacts",
    waiting: Waiting = QUICK,
    say: Callable[[str], None] = lambda line: None,
    **wish: Any,
) -> Exported:
    """Export what changed since the last load into a table."""
    name = parse_table_name(table)
    van = connect(settings, pace=lambda: None, patience=PATIENCE)
    wanted = Wish(resource_type, table, find_watermark(name, settings), **wish)
    request, kinds = plan_export(van, wanted)
    target = Target(place_of(table, settings), table_columns(name, settings), kinds)
    return export(van, request, target, ObjectStore(settings), Watch(say=say), waiting)


def load_once(exported: Exported, settings: Settings, table: str) -> Loaded:
    """Load an export, and delete what it has left on S3."""
    options = LoadOptions(
        mode="upsert",
        key=(exported.key,),
        deleted=exported.inactive,
        watermark=exported.changed_to,
    )
    loaded = load(exported.staged, parse_table_name(table), options, settings)
    ObjectStore(settings).empty(place_of(table, settings))
    return loaded


def sync_once(settings: Settings, table: str, since: str | None = None) -> Loaded:
    """Export and load."""
    return load_once(export_once(settings, table, since=since), settings, table)
