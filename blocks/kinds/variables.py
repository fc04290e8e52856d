"""Prefect variables: small values that flows read by name.

https://docs.prefect.io/v3/concepts/variables
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from blocks.marks import marked_tags, owner_by_tags
from blocks.objects import Api, Live, Wanted, pages
from blocks.scope import Scope

RECORD_ENDING = "-limits-made-here"
"""How the name of the record ends that `blocks.kinds.limits` keeps."""


class Variables:
    """Those of an environment."""

    noun = "variable"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def wanted(self) -> Sequence[Wanted]:
        """Return those of environments.yaml."""
        values = self._scope.platform.prefect_variables
        return [Wanted(name, {"value": value}) for name, value in values.items()]

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that are declared, or that bear the environment's mark."""
        declared = self._scope.platform.prefect_variables
        found = [_live(item) for item in pages(api, "/variables/filter")]
        return [each for each in found if each.name in declared or each.owner == self._scope.owner]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Any can take any value."""
        return None

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one."""
        tags = marked_tags((), self._scope.owner)
        api.request("POST", "/variables/", {"name": wanted.name, "tags": tags, **wanted.fields})

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Set its value; tags of others stay."""
        path = f"/variables/name/{quote(live.name, safe='')}"
        tags = marked_tags(api.request("GET", path)["tags"], self._scope.owner)
        api.request("PATCH", path, {"tags": tags, **wanted.fields})

    def delete(self, api: Api, live: Live) -> None:
        """Remove one."""
        api.request("DELETE", f"/variables/name/{quote(live.name, safe='')}")


def _live(item: dict[str, Any]) -> Live:
    owner = owner_by_tags(item["tags"])
    if owner is not None and item["name"].endswith(RECORD_ENDING):
        # The record of limits is no variable of anybody's.
        owner = None
    return Live(item["name"], item["id"], {"value": item["value"]}, owner)
