"""Work pools of other types: each has the template that Prefect has for it, or a clear refusal."""

from deployments.live.api import PrefectApi
from tests.prefect.blocks.declared import Declared


def test_a_process_pool_has_prefects_own_template(laptop: Declared, api: PrefectApi) -> None:
    """A laptop's worker takes it as it is, and what people change in it stays."""
    laptop.apply()
    pool = api.request("GET", f"/work_pools/{laptop.pool}")
    assert pool["type"] == "process"
    template = pool["base_job_template"]
    assert "working_dir" in template["variables"]["properties"]
    template["variables"]["properties"]["stream_output"]["default"] = False
    api.request("PATCH", f"/work_pools/{laptop.pool}", {"base_job_template": template})
    assert {action.what for action in laptop.plan().actions} == {"unchanged"}


def test_types_that_this_prefect_does_not_know_fail_alone(
    laptop: Declared, api: PrefectApi
) -> None:
    """Managed pools are Prefect Cloud's; the other objects are made all the same."""
    managed, coiled = (f"{laptop.project}-{kind}" for kind in ("managed", "coiled"))
    laptop.section["pools"] |= {"managed": managed, "coiled": coiled}
    laptop.section["image_repository"] = "registry.example.org/shop"
    # A server that reaches the internet knows the integrations of the day.
    known = api.request("GET", "/collections/views/aggregate-worker-metadata").values()
    outcomes = {each.action.name: each for each in laptop.apply()}
    assert outcomes[laptop.pool].outcome == "created"
    advice = {managed: "only Prefect Cloud has it", coiled: "--type coiled:push"}
    for name, kind in ((managed, "prefect:managed"), (coiled, "coiled")):
        if any(kind in types for types in known):
            assert outcomes[name].outcome == "created"
        else:
            assert outcomes[name].outcome == "failed"
            assert advice[name] in str(outcomes[name].reason)


def test_a_pool_of_coiled_that_was_made_by_hand_is_taken_as_it_is(
    laptop: Declared, api: PrefectApi
) -> None:
    """Prefect Cloud's own type for it serves as well; its template is left alone."""
    coiled = f"{laptop.project}-coiled"
    api.request("POST", "/work_pools/", {"name": coiled, "type": "coiled:push"})
    laptop.section["pools"]["coiled"] = coiled
    laptop.section["image_repository"] = "registry.example.org/shop"
    assert laptop.applied()[f"work pool {coiled}"] == "updated"
    assert api.request("GET", f"/work_pools/{coiled}")["type"] == "coiled:push"
    assert {action.what for action in laptop.plan().actions} == {"unchanged"}


def test_a_pool_that_has_another_type_is_refused(laptop: Declared, api: PrefectApi) -> None:
    """Prefect cannot change the type of a pool; nothing else of it is written."""
    api.request("POST", "/work_pools/", {"name": laptop.pool, "type": "docker"})
    (broken,) = laptop.plan().of("broken")
    assert "it is of type docker at Prefect, and process in environments.yaml" in str(broken.reason)
    found = laptop.run("apply")
    assert found.returncode == 1
    assert f"failed: work pool {laptop.pool}" in found.stdout


def test_a_paused_pool_stays_paused(laptop: Declared, api: PrefectApi) -> None:
    """Whether runs start is a person's decision: apply does not look at it."""
    laptop.apply()
    api.request("PATCH", f"/work_pools/{laptop.pool}", {"is_paused": True, "description": "mine"})
    assert laptop.applied()[f"work pool {laptop.pool}"] == "updated"
    pool = api.request("GET", f"/work_pools/{laptop.pool}")
    assert pool["is_paused"] is True
    assert pool["description"] == f"Made for {laptop.owner} by python -m blocks."
