"""The shelf: every reusable task. Each is a few lines: retries, progress, one call into the core."""

from utilities.deliveries import Delivered, DeliveryOptions
from utilities.everyaction.exports import Exported, default_table
from utilities.everyaction.imports import BulkImported, ImportLayout
from utilities.everyaction.saved_lists import SavedListExport
from utilities.ledger import LedgerRow
from utilities.quality import CheckReport
from utilities.redshift import LoadOptions, Mode, TableDesign
from utilities.redshift.reading import (
    Executed,
    QueryResult,
    Unloaded,
    UnloadOptions,
)
from utilities.references import Column, Loaded, SchemaPolicy, Staged
from utilities.staging import JsonPages, StageOptions, declare
from utilities.tasks.bulk_imports import bulk_import, finish_bulk_import, start_bulk_import
from utilities.tasks.canvass_responses import record_canvass_responses
from utilities.tasks.changed_entities import (
    ExportOptions,
    check_api_access,
    export_changed_entities,
    publish_export,
)
from utilities.tasks.checking import check_table
from utilities.tasks.codes import apply_codes
from utilities.tasks.deliveries_report import publish_deliveries
from utilities.tasks.feeds import (
    FeedOutcome,
    find_feeds,
    load_feed,
    publish_feeds,
    remember_feeds,
    require_feeds,
    wait_for_feeds,
)
from utilities.tasks.files import SourceFile, find_files
from utilities.tasks.history import find_loads, publish_history
from utilities.tasks.loading import load_table, read_watermark
from utilities.tasks.people import upsert_people
from utilities.tasks.reading import execute_sql_file, query_warehouse, unload_query
from utilities.tasks.reports import publish_loads
from utilities.tasks.saved_lists import export_saved_list
from utilities.tasks.staging import infer_schema, stage_records

__all__ = [
    "BulkImported",
    "CheckReport",
    "Column",
    "Delivered",
    "DeliveryOptions",
    "Executed",
    "ExportOptions",
    "Exported",
    "FeedOutcome",
    "ImportLayout",
    "JsonPages",
    "LedgerRow",
    "LoadOptions",
    "Loaded",
    "Mode",
    "QueryResult",
    "SavedListExport",
    "SchemaPolicy",
    "SourceFile",
    "StageOptions",
    "Staged",
    "TableDesign",
    "UnloadOptions",
    "Unloaded",
    "apply_codes",
    "bulk_import",
    "check_api_access",
    "check_table",
    "declare",
    "default_table",
    "execute_sql_file",
    "export_changed_entities",
    "export_saved_list",
    "find_feeds",
    "find_files",
    "find_loads",
    "finish_bulk_import",
    "infer_schema",
    "load_feed",
    "load_table",
    "publish_deliveries",
    "publish_export",
    "publish_feeds",
    "publish_history",
    "publish_loads",
    "query_warehouse",
    "read_watermark",
    "record_canvass_responses",
    "remember_feeds",
    "require_feeds",
    "stage_records",
    "start_bulk_import",
    "unload_query",
    "upsert_people",
    "wait_for_feeds",
]
