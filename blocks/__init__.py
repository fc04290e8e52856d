"""What Prefect holds for the flows, as code: `python -m blocks apply` makes it so."""

from blocks.limits import Ensured, ensure_limits

__all__ = ["Ensured", "ensure_limits"]
