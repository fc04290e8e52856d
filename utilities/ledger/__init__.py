"""The ledger: one table in the warehouse that knows every load, because it commits with the rows.

Whether a batch was loaded, the watermark of a table and its history all come from here; there is
no second place that could disagree.
"""

from utilities.ledger.creation import create_ledger
from utilities.ledger.history import LedgerRow, last_watermark, recent_loads
from utilities.ledger.table import LEDGER, Entry, find_loads, lock_loads, record_load

__all__ = [
    "LEDGER",
    "Entry",
    "LedgerRow",
    "create_ledger",
    "find_loads",
    "last_watermark",
    "lock_loads",
    "recent_loads",
    "record_load",
]
