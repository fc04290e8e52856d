"""Fixtures of the tests of COPY and UNLOAD."""

from tests.local.redshift.bulk import client, connect, place

__all__ = ["client", "connect", "place"]
