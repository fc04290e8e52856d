"""How many items to claim at once: as many as take about ten seconds at the present rate.

A block that is too large makes a killed run expensive, since each of its items is looked up; one
that is too small makes the warehouse the bottleneck.
"""

FIRST_ITEMS = 20
FEWEST_ITEMS = 10
MOST_ITEMS = 500


class Blocks:
    """Follows the rate of one run.

    Attributes:
        size: items of the next block.
    """

    def __init__(self, block_seconds: float) -> None:
        self.size = FIRST_ITEMS
        self._block_seconds = block_seconds
        self._measured_at: float | None = None

    def measure(self, items: int, now_seconds: float) -> None:
        """Take note of the items that were settled since the last call, by one running clock."""
        began, self._measured_at = self._measured_at, now_seconds
        if began is None or not items or now_seconds <= began:
            return
        wanted = self._block_seconds * items / (now_seconds - began)
        self.size = int(min(max(wanted, FEWEST_ITEMS), MOST_ITEMS))
