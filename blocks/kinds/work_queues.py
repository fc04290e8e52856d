"""Work queues: which runs of a pool go first, and how many at once.

https://docs.prefect.io/v3/concepts/work-pools#work-queues
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from blocks.kinds.work_pools import require_unused
from blocks.marks import description, owner_by_description
from blocks.objects import Api, Live, Wanted, pages
from blocks.scope import Scope
from utilities.errors import DeclarationInvalid

DEFAULT = "default"
"""Every pool has it and keeps it."""


class WorkQueues:
    """Those of an environment; their names here are `pool/queue`."""

    noun = "work queue"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def wanted(self) -> Sequence[Wanted]:
        """Return those of environments.yaml, the first to be served first.

        Raises:
            DeclarationInvalid: two queues of a pool have one priority, which Prefect keeps apart.
        """
        queues = dict(self._declared())
        places = Counter(
            (name.partition("/")[0], fields["priority"])
            for name, fields in queues.items()
            if "priority" in fields
        )
        for (pool, priority), count in places.items():
            if count > 1:
                raise DeclarationInvalid(
                    f"environments.yaml, {self._scope.platform.environment}: {count} queues of the "
                    f"work pool {pool} have priority {priority}. Prefect moves one of them at each "
                    "apply: give each its own."
                )
        # Prefect moves later ones back when one is put before them.
        last = len(queues) + max((place for _, place in places), default=0)
        ordered = sorted(queues.items(), key=lambda each: each[1].get("priority", last))
        return [Wanted(name, fields) for name, fields in ordered]

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that are declared, or whose description bears the environment's mark."""
        declared = dict(self._declared())
        ours = {pool.name for pool in self._scope.platform.pools.values()}
        # Asked for the queues of a pool that is not there, Prefect answers as if it were no Prefect.
        pools = [item["name"] for item in pages(api, "/work_pools/filter") if item["name"] in ours]
        found = [
            _live(pool, item, declared)
            for pool in pools
            for item in pages(api, f"/work_pools/{quote(pool, safe='')}/queues/filter")
        ]
        return [
            each
            for each in found
            if each.name in declared
            or (each.owner == self._scope.owner and not each.name.endswith(f"/{DEFAULT}"))
        ]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Any can take any place."""
        return None

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one."""
        pool, _, name = wanted.name.partition("/")
        content = {"name": name, "description": description(self._scope.owner), **wanted.fields}
        api.request("POST", f"/work_pools/{quote(pool, safe='')}/queues", content)

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Put its place, its limit and the mark back."""
        content = {"description": description(self._scope.owner), **wanted.fields}
        api.request("PATCH", _path(live), content)

    def delete(self, api: Api, live: Live) -> None:
        """Remove one that no deployment names.

        Raises:
            ChangeRefused: a deployment does.
        """
        pool, _, name = live.name.partition("/")
        wanted = {
            "work_pools": {"name": {"any_": [pool]}},
            "work_pool_queues": {"name": {"any_": [name]}},
        }
        require_unused(api, live.name, wanted)
        api.request("DELETE", _path(live))

    def _declared(self) -> Iterator[tuple[str, dict[str, Any]]]:
        platform = self._scope.platform
        for key, queues in platform.queues.items():
            for name, fields in queues.items():
                yield f"{platform.pools[key].name}/{name}", {"concurrency_limit": None, **fields}
        for key, pool in platform.pools.items():
            if pool.queue is not None and pool.queue not in platform.queues.get(key, {}):
                yield f"{pool.name}/{pool.queue}", {}


def _live(pool: str, item: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> Live:
    name = f"{pool}/{item['name']}"
    fields = {field: item[field] for field in declared.get(name, ("priority", "concurrency_limit"))}
    return Live(name, item["id"], fields, owner_by_description(item["description"]))


def _path(live: Live) -> str:
    pool, _, name = live.name.partition("/")
    return f"/work_pools/{quote(pool, safe='')}/queues/{quote(name, safe='')}"
