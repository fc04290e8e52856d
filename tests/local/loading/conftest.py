"""What the tests of loading share."""

from tests.local.loading.batches import set_aside, stage_typed
from tests.local.warehouse import ask, settings, stage, stage_files

__all__ = ["ask", "set_aside", "settings", "stage", "stage_files", "stage_typed"]
