"""Work pools: where the runs of an environment are started, and from which template.

https://docs.prefect.io/v3/concepts/work-pools
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from blocks.ecs.ground import ground_of
from blocks.ecs.template import base_job_template
from blocks.marks import description, owner_by_description
from blocks.objects import Api, Live, Wanted, pages
from blocks.scope import Scope
from utilities.errors import ChangeRefused, SourceNotFound

TYPES = {
    "ecs": "ecs",
    "process": "process",
    "coiled": "coiled",
    "managed": "prefect:managed",
}
"""What Prefect calls the types of environments.yaml."""

PUSHED = {"coiled:push": "coiled"}
"""The same, started by Prefect Cloud instead of a worker: it serves as well."""

NOWHERE = "no integration offers it. Name another type in environments.yaml."
ELSEWHERE = {
    "coiled": "it reads the list of integrations from the internet. Make the pool by hand, on Prefect "
    "Cloud with `prefect work-pool create --type coiled:push --provision-infra NAME`.",
    "prefect:managed": "only Prefect Cloud has it. Name another type in environments.yaml, or set "
    "PREFECT_API_URL to a workspace there.",
}
"""What to do about a type that a Prefect does not know."""

DEFAULT_TEMPLATES = "/collections/views/aggregate-worker-metadata"


class WorkPools:
    """Those of an environment."""

    noun = "work pool"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def wanted(self) -> Sequence[Wanted]:
        """Return one for each name; of type ecs with its template, others keep what they have.

        Raises:
            SourceNotFound: an output of the stacks is missing.
            InvariantBroken: see `base_job_template`.
        """
        wanted = {}
        for key, pool in self._scope.platform.pools.items():
            if pool.name in wanted:
                continue
            fields: dict[str, Any] = {"type": TYPES[pool.type]}
            if pool.type == "ecs":
                fields["base_job_template"] = base_job_template(ground_of(self._scope, key))
            wanted[pool.name] = Wanted(pool.name, fields)
        return list(wanted.values())

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that are declared, or whose description bears the environment's mark."""
        types = {pool.name: pool.type for pool in self._scope.platform.pools.values()}
        found = [_live(item, types) for item in pages(api, "/work_pools/filter")]
        return [each for each in found if each.name in types or each.owner == self._scope.owner]

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """A pool keeps its type."""
        if live.fields["type"] == wanted.fields["type"]:
            return None
        return (
            f"it is of type {live.fields['type']} at Prefect, and {wanted.fields['type']} in "
            "environments.yaml. Give the new one another name, or remove the old one "
            f"(`prefect work-pool delete {live.name}`)."
        )

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one; without a template of ours it gets the one that Prefect has for its type."""
        content = {
            "name": wanted.name,
            "description": description(self._scope.owner),
            **wanted.fields,
        }
        if "base_job_template" not in content:
            content["base_job_template"] = _default_template(api, wanted.fields["type"])
        api.request("POST", "/work_pools/", content)

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Put its template and the mark back; whether it is paused is left to people."""
        content = {name: value for name, value in wanted.fields.items() if name != "type"}
        content["description"] = description(self._scope.owner)
        api.request("PATCH", f"/work_pools/{quote(live.name, safe='')}", content)

    def delete(self, api: Api, live: Live) -> None:
        """Remove one that no deployment names.

        Raises:
            ChangeRefused: a deployment does.
        """
        require_unused(api, live.name, {"work_pools": {"name": {"any_": [live.name]}}})
        api.request("DELETE", f"/work_pools/{quote(live.name, safe='')}")


def require_unused(api: Api, name: str, wanted: Mapping[str, Any]) -> None:
    """Raise ChangeRefused when deployments run from a pool or a queue."""
    used = pages(api, "/deployments/filter", wanted)
    if used:
        some = ", ".join(sorted(each["name"] for each in used)[:3])
        raise ChangeRefused(
            f"{name}: {len(used)} deployments still run from it, as {some}. Move them first "
            "(environments.yaml, then `python -m deployments apply`), or remove them."
        )


def _live(item: Mapping[str, Any], types: Mapping[str, str]) -> Live:
    fields = {"type": PUSHED.get(item["type"], item["type"])}
    if types.get(item["name"]) == "ecs":
        fields["base_job_template"] = item["base_job_template"]
    owner = owner_by_description(item["description"])
    return Live(item["name"], item["id"], fields, owner)


def _default_template(api: Api, kind: str) -> dict[str, Any]:
    """Return Prefect's own template for a type of pool.

    Raises:
        SourceNotFound: this Prefect has none, so it cannot have such a pool.
    """
    for workers in api.request("GET", DEFAULT_TEMPLATES).values():
        if kind in workers:
            template: dict[str, Any] = workers[kind]["default_base_job_configuration"]
            return template
    raise SourceNotFound(
        f"This Prefect has no template for work pools of type {kind}: {ELSEWHERE.get(kind, NOWHERE)}"
    )
