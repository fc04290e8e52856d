"""Two clients whose requests reach Prefect in an order that a test decides."""

import threading
from collections.abc import Sequence
from typing import Any

from deployments.live.api import PrefectApi

BOUND_SECONDS = 60.0


class Turns:
    """Whose request is next: a client without a turn waits, one that has ended leaves its turns."""

    def __init__(self, order: Sequence[int]) -> None:
        """Prepare turns.

        Args:
            order: number of the client, for each request; after its end everybody may go on.
        """
        self._order = list(order)
        self._ended: set[int] = set()
        self._changed = threading.Condition()

    def take(self, client: int) -> None:
        """Wait for a turn."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._next() in (client, None), BOUND_SECONDS)

    def pass_on(self) -> None:
        """End a turn."""
        with self._changed:
            if self._next() is not None:
                self._order.pop(0)
            self._changed.notify_all()

    def end(self, client: int) -> None:
        """Leave all turns of a client that sends nothing more."""
        with self._changed:
            self._ended.add(client)
            self._changed.notify_all()

    def _next(self) -> int | None:
        while self._order and self._order[0] in self._ended:
            self._order.pop(0)
        return self._order[0] if self._order else None


class TurnTakingApi(PrefectApi):
    """A client that sends each request when it is its turn."""

    def __init__(self, api: PrefectApi, turns: Turns, number: int) -> None:
        """Send the requests to the same server as another client.

        Args:
            api: the other client.
            turns: shared by all.
            number: of this client.
        """
        super().__init__(api.address)
        self._turns = turns
        self._number = number

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """Wait, send, let the next one go."""
        self._turns.take(self._number)
        try:
            return super().request(method, path, json)
        finally:
            self._turns.pass_on()
