"""Which work pools Prefect lacks."""

from collections.abc import Iterable

from deployments.live.api import PrefectApi
from deployments.live.reading import pages
from deployments.wanted import Wanted


def missing_pools(api: PrefectApi, wanted: Iterable[Wanted]) -> frozenset[str]:
    """Return the work pools of deployments that do not exist at Prefect; asks once for all."""
    names = {each.configuration.pool for each in wanted}
    asked = {"work_pools": {"name": {"any_": sorted(names)}}}
    there = {found["name"] for found in pages(api, "/work_pools/filter", asked)}
    return frozenset(names - there)
