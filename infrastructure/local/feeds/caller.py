"""What-is-my-address services: they tell a caller the address that it comes from.

Two, as there are two ways to say it; both are answered by the process of the newsrooms.
"""

import json
from collections.abc import Callable

from infrastructure.local.addresses import ADDRESS_SERVICES


def address_of_caller(path: str, address: str) -> tuple[str, bytes] | None:
    """Return type and content of the answer; None when the path is no such service.

    Args:
        path: of the request, without a slash at its beginning.
        address: of who asks.
    """
    ways: tuple[Callable[[str], tuple[str, bytes]], ...] = (_text, _json)
    way = dict(zip(ADDRESS_SERVICES, ways, strict=True)).get(path)
    return way(address) if way else None


def _text(address: str) -> tuple[str, bytes]:
    return "text/plain; charset=utf-8", f"{address}\n".encode()


def _json(address: str) -> tuple[str, bytes]:
    return "application/json", json.dumps({"ip": address}).encode()
