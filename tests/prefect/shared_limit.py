"""The global limit of EveryAction: one for all tests that share a Prefect, each with its own rate."""

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack
from utilities.errors import PrefectRefused

LIMIT = "/v2/concurrency_limits/everyaction"
RECORDS = {"variables": {"name": {"like_": "-limits-made-here"}}}
NOT_FOUND = 404


def forget_limit(stack: Stack) -> None:
    """Take the limit away, and what says whose it was: the next to make it may choose its rate."""
    with PrefectApi(Address(stack.variables["PREFECT_API_URL"])) as api:
        for record in api.request("POST", "/variables/filter", RECORDS):
            api.request("DELETE", f"/variables/{record['id']}")
        try:
            api.request("DELETE", LIMIT)
        except PrefectRefused as refusal:
            if refusal.status != NOT_FOUND:
                raise
