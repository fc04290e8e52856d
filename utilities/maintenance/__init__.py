"""Free what nothing needs any longer: staged files, results, images, details of old loads.

Everything can be run again, at the same time as loads, and killed anywhere: each deletion stands by
itself, and what is deleted is found anew each time.
"""

from utilities.maintenance.freed import Freed
from utilities.maintenance.images import free_images
from utilities.maintenance.ledger_detail import free_ledger_detail
from utilities.maintenance.retention import Retention
from utilities.maintenance.stored import free_results, free_staged

__all__ = [
    "Freed",
    "Retention",
    "free_images",
    "free_ledger_detail",
    "free_results",
    "free_staged",
]
