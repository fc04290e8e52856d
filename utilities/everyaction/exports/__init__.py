"""Changed entities: what changed at EveryAction, as one batch that is whole or not there at all.

parsons reads the first file of an export only, and waits for ever; here every file is downloaded
once, the rows are counted against what the API claims, and a run that dies is resumed.
"""

from utilities.everyaction.exports.export import Watch, export
from utilities.everyaction.exports.jobs import ExportOverdue, Waiting
from utilities.everyaction.exports.outcome import Exported, Target
from utilities.everyaction.exports.plan import Wish, plan_export
from utilities.everyaction.exports.request import ExportRequest
from utilities.everyaction.exports.resources import (
    KEYS,
    default_table,
)

__all__ = [
    "KEYS",
    "ExportOverdue",
    "ExportRequest",
    "Exported",
    "Target",
    "Waiting",
    "Watch",
    "Wish",
    "default_table",
    "export",
    "plan_export",
]
