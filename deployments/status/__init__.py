"""What runs where: read back from what is live."""

from deployments.status.told import Told, told

__all__ = ["Told", "told"]
