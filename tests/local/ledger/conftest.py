"""What the tests of the ledger share."""

from tests.local.warehouse import ask, settings, stage, stage_files

__all__ = ["ask", "settings", "stage", "stage_files"]
