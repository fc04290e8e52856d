"""EveryAction for the tasks of the shelf."""

from typing import TYPE_CHECKING

from utilities.everyaction import connect
from utilities.settings import Settings, load_settings
from utilities.tasks.pace import prefect_pace

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN


def connected() -> "tuple[VAN, Settings]":
    """Return parsons' VAN, whose requests share one rate with all other runs, and the settings."""
    settings = load_settings()
    return connect(settings, prefect_pace(settings)), settings
