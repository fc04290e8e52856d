"""What of a promoted deployment comes from the source, and what from the target."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.declaration import EnvironmentLayer, Schedule
from deployments.promotion.combining import combine
from deployments.wanted import Wanted
from tests.unit.deployments.made_wanted import RELEASE, SCHEMA, make_record, make_wanted

PULL = ({"prefect.deployments.steps.set_working_directory": {"directory": "/opt/shop"}},)
NIGHTLY = Schedule("nightly", {"cron": "0 3 * * *", "timezone": "UTC", "day_or": True})

names = st.sampled_from(["limit", "day", "region"])
parameters = st.dictionaries(names, st.integers(0, 9), max_size=3)
resources = st.dictionaries(st.sampled_from(["cpu", "memory"]), st.integers(1, 4), max_size=2)
variables = st.dictionaries(st.sampled_from(["SHOP", "ZONE"]), st.sampled_from("abc"), max_size=2)


def in_environment(
    environment: str, common: dict[str, Any], layer: EnvironmentLayer, **own: Any
) -> Wanted:
    """Return a deployment as prefect.yaml says it, with one environment laid over it."""
    base = common["base_parameters"]
    return make_wanted(
        environment=environment,
        **{
            **common,
            "parameters": {**base, **layer.parameters},
            "job_variables": {**common["job_variables"], **layer.job_variables},
            "variables": layer.variables,
            "layer": layer,
            "concurrency_limit": layer.concurrency_limit or common["concurrency_limit"],
            **own,
        },
    )


layers = st.builds(
    EnvironmentLayer,
    parameters=parameters,
    job_variables=resources,
    variables=variables,
    concurrency_limit=st.none() | st.integers(1, 3),
)


@settings(deadline=None)
@given(
    base=parameters,
    job_variables=resources,
    limit=st.none() | st.integers(1, 3),
    tags=st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    description=st.none() | st.just("Told in the file."),
    source=parameters,
    target=layers,
)
def test_of_the_same_commit_it_is_what_the_target_wants(
    base: dict[str, int],
    job_variables: dict[str, int],
    limit: int | None,
    tags: tuple[str, ...],
    description: str | None,
    source: dict[str, int],
    target: EnvironmentLayer,
) -> None:
    """Whatever the source overrides in parameters and the target in anything: fields and digest
    are those of an apply of the same commit, so that a plan finds nothing to do."""
    common = {
        "base_parameters": base,
        "job_variables": job_variables,
        "concurrency_limit": limit,
        "tags": tags,
        "description": description,
        "pull_steps": PULL,
    }
    here = in_environment("staging", common, EnvironmentLayer(source, {}, {"SHOP": "staging"}))
    there = in_environment("production", common, target, schedules=(NIGHTLY,), queue="fast")
    here, there = (
        replace(each, description=description or "Load the orders.") for each in (here, there)
    )
    combined = combine(make_record(here), here, there)
    assert combined.digest == there.digest
    image = there.image(RELEASE.commit)
    assert combined.fields(RELEASE, image, 7, SCHEMA) == there.fields(RELEASE, image, 7, SCHEMA)


def test_what_was_tested_wins_over_the_files() -> None:
    """Of files that went on, nothing comes along but what is the target's own."""
    tested = make_wanted(
        tags=("tested",),
        base_parameters={"limit": 1},
        parameters={"limit": 1, "day": "staging's"},
        job_variables={"cpu": 256},
        concurrency_limit=2,
        pull_steps=PULL,
    )
    record = make_record(tested)
    later: dict[str, Any] = {
        "entrypoint": "flows/later.py:later",
        "tags": ("later",),
        "description": "Later.",
        "base_parameters": {"limit": 9},
        "concurrency_limit": 9,
        "pull_steps": (),
    }
    layer = EnvironmentLayer({"region": "us"}, {"memory": 1024}, {"SHOP": "production"})
    here = make_wanted(**later, parameters={"limit": 9}, job_variables={"cpu": 9})
    there = make_wanted(
        environment="production",
        **later,
        parameters={"limit": 9, "region": "us"},
        job_variables={"cpu": 9, "memory": 1024},
        variables={"SHOP": "production"},
        layer=layer,
    )
    combined = combine(record, here, replace(there, fingerprint="e" * 16)).configuration
    assert combined.entrypoint == tested.configuration.entrypoint
    assert combined.description == tested.description
    assert combined.tags == ("tested",)
    assert combined.parameters == {"limit": 1, "region": "us"}
    assert combined.job_variables == {"cpu": 256, "memory": 1024}
    assert combined.variables == {"SHOP": "production"}
    assert combined.concurrency_limit == 2
    assert combined.pull_steps == PULL
    assert combined.pool == "shop-production"


def test_resources_of_another_kind_of_pool_mean_nothing() -> None:
    """Where the target's pool is of another type, its own resources count."""
    here = make_wanted(pool_type="process", image_repository=None, job_variables={"stream": True})
    there = make_wanted(environment="production", job_variables={"cpu": 512})
    assert combine(make_record(here), here, there).configuration.job_variables == {"cpu": 512}


def test_pull_steps_of_the_environment_are_its_own() -> None:
    """Where the environments differ in how a run gets at its code, the target's way counts."""
    here = make_wanted(pull_steps=PULL)
    there = make_wanted(environment="production", pull_steps=({"git_clone": {}},))
    combined = combine(make_record(here), here, there)
    assert combined.configuration.pull_steps == ({"git_clone": {}},)
