"""HTTP connections that are kept open between requests, but never so long that they go stale.

A server closes connections that it has not heard of for a while. A request that is just being
written then fails without having been seen, and nobody can tell that from one whose answer was
lost. So a connection that has been idle for a few seconds is closed from this side, and the next
request opens a new one.
"""

import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager

IDLE_SECONDS = 2.0
"""Servers wait longer: uvicorn 5 seconds, load balancers and IIS a minute or two."""

POOL_SIZE = 32
"""Connections kept open for threads that send at the same time."""


class _NoAuth(AuthBase):
    """Sends no credentials. Without it, requests looks for some in ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def make_session(
    auth: AuthBase | None = None, now: Callable[[], float] = time.monotonic
) -> requests.Session:
    """Return a session for use from several threads, without retries or cookies.

    Args:
        auth: goes with every request; None: no credentials are sent, whatever the machine knows.
        now: the clock, in seconds.
    """
    session = requests.Session()
    session.auth = auth or _NoAuth()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    adapter = _Adapter(now)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _FreshConnections:
    """A pool that hands out only connections that were used a moment ago, or are new."""

    now: Callable[[], float]

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)  # type: ignore[misc]
        if self.now() - getattr(connection, "idle_since", self.now()) > IDLE_SECONDS:
            # A closed connection opens itself again when it is used.
            connection.close()
        return connection

    def _put_conn(self, connection: Any) -> None:
        if connection is not None:
            connection.idle_since = self.now()
        super()._put_conn(connection)  # type: ignore[misc]


class _Adapter(HTTPAdapter):
    """Uses such pools for every server, and behind every proxy."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        super().__init__(pool_maxsize=POOL_SIZE)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._refresh(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        self._refresh(manager)
        return manager

    def _refresh(self, manager: PoolManager) -> None:
        members = {"now": staticmethod(self._now)}
        manager.pool_classes_by_scheme = {
            "http": type("FreshPool", (_FreshConnections, HTTPConnectionPool), members),
            "https": type("FreshTLSPool", (_FreshConnections, HTTPSConnectionPool), members),
        }
