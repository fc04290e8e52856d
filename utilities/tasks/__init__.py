"""The shelf: every reusable task. Each is a few lines: retries, progress, one call into the core."""

from utilities.ledger import LedgerRow
from utilities.quality import CheckReport
from utilities.redshift import LoadOptions, Mode, SchemaPolicy, TableDesign
from utilities.references import Loaded
from utilities.tasks.checking import check_table
from utilities.tasks.files import SourceFile, find_files
from utilities.tasks.history import find_loads, publish_history
from utilities.tasks.loading import load_table, read_watermark
from utilities.tasks.reports import publish_loads
from utilities.tasks.staging import infer_schema, stage_records

__all__ = [
    "CheckReport",
    "LedgerRow",
    "LoadOptions",
    "Loaded",
    "Mode",
    "SchemaPolicy",
    "SourceFile",
    "TableDesign",
    "check_table",
    "find_files",
    "find_loads",
    "infer_schema",
    "load_table",
    "publish_history",
    "publish_loads",
    "read_watermark",
    "stage_records",
]
