"""Whether the checked-out files want something else than what is live: told without importing a
flow, from fingerprint and configuration alone."""

from typing import Literal

from deployments.live import LiveDeployment
from deployments.wanted import Wanted

Wish = Literal["nothing", "to be created", "other code", "other configuration", "to be removed"]


def find_wish(wanted: Wanted | None, live: LiveDeployment | None) -> Wish:
    """Return what an apply would do for a deployment, what was changed by hand apart.

    Args:
        wanted: None when it is no longer declared.
        live: None when it is not deployed.
    """
    if wanted is None:
        return "to be removed"
    if live is None:
        return "to be created"
    version = live.version
    if version is None or live.release is None or version.fingerprint != wanted.fingerprint:
        return "other code"
    return "nothing" if version.configuration == wanted.digest else "other configuration"
