"""What the tests of loading share."""

from tests.local.loading.batches import stage_sifted, stage_typed
from tests.local.loading.typed_rows import put_rows
from tests.local.warehouse import ask, settings, stage, stage_files

__all__ = ["ask", "put_rows", "settings", "stage", "stage_files", "stage_sifted", "stage_typed"]
