"""Whether anybody uses a stack: clients that are connected, and when one last joined."""

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from infrastructure.local.folder import Folder

Address = tuple[str, int]


@dataclass(frozen=True)
class Listener:
    """A process of the stack and the port where it serves."""

    pid: int
    port: int


class Idleness:
    """Remembers since when nobody has used the stack.

    Times are seconds of one clock that never goes back.

    Attributes:
        limit_seconds: how long that may last.
    """

    def __init__(self, folder: Folder, limit_seconds: float, now_seconds: float) -> None:
        self.limit_seconds = limit_seconds
        self._folder = folder
        self._last_seen = now_seconds
        self._last_joined = self._joined_at()

    def over(self, listeners: Sequence[Listener], now_seconds: float) -> bool:
        """Look once; true when nobody has used the stack for the limit."""
        joined = self._joined_at()
        if self._folder.kept.exists() or joined != self._last_joined or _has_clients(listeners):
            self._last_seen = now_seconds
        self._last_joined = joined
        return now_seconds - self._last_seen >= self.limit_seconds

    def _joined_at(self) -> int:
        """When a client last joined, in nanoseconds since 1970; 0: never."""
        try:
            return self._folder.last_used.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def _has_clients(listeners: Sequence[Listener]) -> bool:
    """Whether a process outside the stack is connected to one of its ports.

    PostgreSQL is not asked: it has no TCP connection, and may belong to another user.
    """
    ports = {listener.port for listener in listeners}
    connections = [found for listener in listeners for found in _connections(listener.pid)]
    ours = {near for near, _ in connections}
    return any(near[1] in ports and far not in ours for near, far in connections)


def _connections(pid: int) -> list[tuple[Address, Address]]:
    """Return near and far end of a process's established TCP connections, children included."""
    try:
        main = psutil.Process(pid)
        family = [main, *main.children(recursive=True)]
        found = [each for process in family for each in process.net_connections(kind="tcp")]
    except psutil.NoSuchProcess:
        return []
    return [
        ((each.laddr.ip, each.laddr.port), (each.raddr.ip, each.raddr.port))
        for each in found
        if each.status == psutil.CONN_ESTABLISHED
    ]
