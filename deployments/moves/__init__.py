"""One deployment moved to a state that was deployed before: by promotion, rollback, redeployment."""

from deployments.moves.move import Move

__all__ = ["Move"]
