"""The shelf: every reusable task. Each is a few lines: retries, progress, one call into the core."""

from utilities.redshift import Mode
from utilities.references import Loaded
from utilities.tasks.files import SourceFile, find_files
from utilities.tasks.loading import load_table
from utilities.tasks.reports import publish_loads
from utilities.tasks.staging import infer_schema, stage_records

__all__ = [
    "Loaded",
    "Mode",
    "SourceFile",
    "find_files",
    "infer_schema",
    "load_table",
    "publish_loads",
    "stage_records",
]
