"""Bulk imports: many records as one file, which EveryAction reads by itself."""

from utilities.everyaction.imports.job import finish_import, start_import
from utilities.everyaction.imports.references import BulkImported, ImportLayout, StartedImport
from utilities.everyaction.imports.rows import ImportSource

__all__ = [
    "BulkImported",
    "ImportLayout",
    "ImportSource",
    "StartedImport",
    "finish_import",
    "start_import",
]
