"""Reading goes on until there is no more."""

from deployments.identity import Identity
from deployments.live.api import PrefectApi
from deployments.live.reading import pages


def test_all_pages_are_read(live_api: PrefectApi, identity: Identity) -> None:
    """Everything comes once and in order, whether or not the last page is full."""
    names = [f"{identity.project} {number}" for number in range(4)]
    for name in names:
        live_api.request("POST", "/flows/", {"name": name})
    wanted = {"flows": {"name": {"any_": names}}, "sort": "NAME_ASC"}
    for page in (1, 2, 3, 4, 5):
        found = pages(live_api, "/flows/filter", wanted, page)
        assert [flow["name"] for flow in found] == names
