"""What a deployment's run depends on, as one hash, and why it changed."""

from deployments.fingerprint.dependencies import (
    Broken,
    Dependencies,
    DynamicImport,
    Undeclared,
)

__all__ = ["Broken", "Dependencies", "DynamicImport", "Undeclared"]
