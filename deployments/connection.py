"""The Prefect that a command talks to: the one that is configured, or a laptop's own."""

from deployments.live.address import find_address
from deployments.live.api import PrefectApi
from utilities.errors import SettingsInvalid

LAPTOP = "local"
"""The environment that needs nothing to be configured."""


def connect(environment: str) -> PrefectApi:
    """Return a client of Prefect's API, to be used as a context manager.

    For the environment `local`, without any address set, the local stack is joined, or started
    first, as a flow does that is run from a terminal.

    Raises:
        SettingsInvalid: no address is set, or a setting cannot be read.
    """
    try:
        address = find_address()
    except SettingsInvalid:
        if environment != LAPTOP:
            raise
        from utilities.command_line import join_local_stack

        join_local_stack("PREFECT_API_URL")
        address = find_address()
    return PrefectApi(address)
