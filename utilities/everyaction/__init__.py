"""EveryAction / NGPVAN: parsons, with time limits, retries and a rate that is kept."""

from utilities.everyaction.access import check_access
from utilities.everyaction.calls import call
from utilities.everyaction.connection import connect
from utilities.everyaction.downloads import download
from utilities.everyaction.patience import Patience
from utilities.everyaction.transport import Pace

__all__ = ["Pace", "Patience", "call", "check_access", "connect", "download"]
