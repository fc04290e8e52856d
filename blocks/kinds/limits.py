"""Global concurrency limits, and the record of those that were made for an environment.

A limit at Prefect has a name and numbers, no room for a mark. Which ones are this environment's is
kept in a Prefect variable beside them.

https://docs.prefect.io/v3/concepts/global-concurrency-limits
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from blocks.kinds.variables import RECORD_ENDING
from blocks.limits import Limit, limits_at
from blocks.marks import owner_by_tags, tag
from blocks.objects import CONFLICT, Api, Live, Wanted, pages
from blocks.scope import Scope
from utilities.errors import PrefectRefused


class Limits:
    """Those of an environment."""

    noun = "concurrency limit"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._record = scope.prefix + RECORD_ENDING

    def wanted(self) -> Sequence[Wanted]:
        """Return that of EveryAction, and those of environments.yaml."""
        return list(self._wanted())

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that are declared, or that the record names."""
        owners = _owners(api) | dict.fromkeys(self._recorded(api) or (), self._scope.owner)
        declared = {each.name for each in self._wanted()}
        return [
            _live(item, owners.get(item["name"]))
            for item in pages(api, "/v2/concurrency_limits/filter")
            if item["name"] in declared or owners.get(item["name"]) == self._scope.owner
        ]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Any can take any numbers."""
        return None

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one; the record is written first, so that none is forgotten."""
        self._add(api, wanted.name)
        api.request("POST", "/v2/concurrency_limits/", {"name": wanted.name, **wanted.fields})

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Set its numbers."""
        self._add(api, wanted.name)
        path = f"/v2/concurrency_limits/{quote(live.name, safe='')}"
        api.request("PATCH", path, dict(wanted.fields))

    def delete(self, api: Api, live: Live) -> None:
        """Remove one, then its name from the record."""
        api.request("DELETE", f"/v2/concurrency_limits/{quote(live.name, safe='')}")
        self._write(api, [name for name in self._recorded(api) or () if name != live.name])

    def _wanted(self) -> Iterator[Wanted]:
        for limit in limits_at(self._scope.requests_per_second):
            yield Wanted(limit.name, _fields(limit))
        for name, slots in self._scope.platform.concurrency_limits.items():
            yield Wanted(name, _fields(Limit(name, slots, 0.0)))

    def _add(self, api: Api, name: str) -> None:
        recorded = self._recorded(api)
        if recorded is None or name not in recorded:
            self._write(api, sorted({*(recorded or ()), name}), is_new=recorded is None)

    def _recorded(self, api: Api) -> list[str] | None:
        named = {"variables": {"name": {"any_": [self._record]}}}
        found = pages(api, "/variables/filter", named)
        return _names(found[0]) if found else None

    def _write(self, api: Api, names: list[str], is_new: bool = False) -> None:
        content = {"name": self._record, "value": names, "tags": [tag(self._scope.owner)]}
        if is_new:
            try:
                api.request("POST", "/variables/", content)
                return
            except PrefectRefused as refusal:
                if refusal.status != CONFLICT:
                    raise
        api.request("PATCH", f"/variables/name/{quote(self._record, safe='')}", content)


def _fields(limit: Limit) -> dict[str, Any]:
    return {
        "limit": limit.slots,
        "slot_decay_per_second": limit.slots_per_second,
        "active": True,
    }


def _live(item: dict[str, Any], owner: str | None) -> Live:
    fields = {key: item[key] for key in ("limit", "slot_decay_per_second", "active")}
    return Live(item["name"], item["id"], fields, owner)


def _owners(api: Api) -> dict[str, str]:
    """Return whose each limit is, by the records of all environments."""
    named = {"variables": {"name": {"like_": RECORD_ENDING}}}
    owners: dict[str, str] = {}
    for item in pages(api, "/variables/filter", named):
        owner = owner_by_tags(item["tags"])
        if owner is not None and item["name"].endswith(RECORD_ENDING):
            owners.update((name, owner) for name in _names(item))
    return owners


def _names(record: Mapping[str, Any]) -> list[str]:
    """Return the limits that a record names; one that somebody has spoilt names none."""
    names = record["value"]
    return [str(name) for name in names] if isinstance(names, list) else []
