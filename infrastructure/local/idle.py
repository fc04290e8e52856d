"""Whether anybody uses a stack: clients that are connected, and when one last joined."""

from collections.abc import Sequence

import psutil

from infrastructure.local.folder import Folder
from infrastructure.local.keeper import Keeper

Address = tuple[str, int]


class Idleness:
    """Remembers since when nobody has used the stack.

    Attributes:
        limit_seconds: how long that may last.
    """

    def __init__(self, folder: Folder, limit_seconds: float, now_seconds: float) -> None:
        self.limit_seconds = limit_seconds
        self._folder = folder
        self._last_seen = now_seconds
        self._last_joined = 0.0

    def over(self, keepers: Sequence[Keeper], now_seconds: float) -> bool:
        """Look once, at a time of a clock that never goes back; true when the limit is reached."""
        if self._folder.kept.exists() or self._joined() or _has_clients(keepers):
            self._last_seen = now_seconds
        return now_seconds - self._last_seen >= self.limit_seconds

    def _joined(self) -> bool:
        """Whether a client has joined since the last look."""
        try:
            joined = self._folder.last_used.stat().st_mtime
        except FileNotFoundError:
            return False
        changed = joined != self._last_joined
        self._last_joined = joined
        return changed


def _has_clients(keepers: Sequence[Keeper]) -> bool:
    """Whether a process outside the stack is connected to one of its ports."""
    ports = {keeper.part.port for keeper in keepers if keeper.part.port}
    connections = [found for keeper in keepers for found in _connections(keeper)]
    ours = {near for near, _ in connections}
    return any(near[1] in ports and far not in ours for near, far in connections)


def _connections(keeper: Keeper) -> list[tuple[Address, Address]]:
    """Return the established TCP connections of a part, near end and far end.

    Only parts with a port are asked: PostgreSQL has no TCP connection, and may belong to
    another user.
    """
    if keeper.process is None or keeper.part.port is None:
        return []
    try:
        main = psutil.Process(keeper.process.pid)
        family = [main, *main.children(recursive=True)]
        found = [each for process in family for each in process.net_connections(kind="tcp")]
    except psutil.NoSuchProcess:
        return []
    return [
        ((each.laddr.ip, each.laddr.port), (each.raddr.ip, each.raddr.port))
        for each in found
        if each.status == psutil.CONN_ESTABLISHED
    ]
