"""What an environment makes of a deployment: the later layer wins, and only where it says so."""

import json
from pathlib import Path

from deployments.declaration import Configuration, EnvironmentLayer
from tests.unit.deployments.declaration.made_files import ENVIRONMENTS, ORDERS, deployments, read

WHOLE = """\
name: orders
entrypoint: flows/orders.py:orders
description: All orders.
tags: [shop, nightly]
parameters: {day: yesterday, limit: 1}
enforce_parameter_schema: false
schedules: [{slug: hourly, interval: 3600}]
concurrency_limit: {limit: 2, collision_strategy: CANCEL_NEW}
work_pool:
  name: ecs
  work_queue_name: slow
  job_variables: {cpu: 1024, memory: 2048, env: {A: file, B: file, C: file}}
"""

LAYERED = """\
packages: [flows]
environments:
  production:
    branch: main
    schedules: true
    image_repository: registry.example.org/shop
    pools: {ecs: ecs-production, process: folder}
    resources: {ecs: {cpu: 256, memory: 512, launch_type: FARGATE_SPOT}}
    parameters: {limit: 2, mode: upsert}
    variables: {B: environment, C: environment}
    overrides:
      orders:
        parameters: {limit: 3}
        job_variables: {memory: 4096}
        variables: {C: override}
        concurrency_limit: 5
        paused: true
"""


def one(root: Path, prefect: str, environments: str, name: str = "production") -> Configuration:
    """Return what an environment wants of the only deployment."""
    [configuration] = read(root, prefect, environments).environments[name].configurations
    return configuration


def test_the_later_layer_wins(tmp_path: Path) -> None:
    """Default resources, prefect.yaml, environment, override, in this order, value by value."""
    found = one(tmp_path, deployments(WHOLE), LAYERED)
    assert found.parameters == {"day": "yesterday", "limit": 3, "mode": "upsert"}
    assert found.base_parameters == {"day": "yesterday", "limit": 1}
    assert found.job_variables == {"cpu": 1024, "memory": 4096, "launch_type": "FARGATE_SPOT"}
    assert found.variables == {"A": "file", "B": "environment", "C": "override"}
    assert found.concurrency_limit == 5
    assert found.concurrency_options == {"collision_strategy": "CANCEL_NEW"}
    assert found.paused is True


def test_a_promotion_takes_the_environments_layer_alone(tmp_path: Path) -> None:
    """It holds nothing of prefect.yaml and no default resources."""
    assert one(tmp_path, deployments(WHOLE), LAYERED).layer == EnvironmentLayer(
        parameters={"limit": 3, "mode": "upsert"},
        job_variables={"memory": 4096},
        variables={"B": "environment", "C": "override"},
        concurrency_limit=5,
    )


def test_what_is_not_said_has_prefects_default(tmp_path: Path) -> None:
    """Nothing is invented: no limit, no queue, no pause, no description."""
    assert one(tmp_path, deployments(ORDERS), ENVIRONMENTS) == Configuration(
        name="orders",
        entrypoint="flows/orders.py:orders",
        line=6,
        description=None,
        tags=(),
        parameters={},
        base_parameters={},
        enforce_parameter_schema=True,
        schedules=(),
        concurrency_limit=None,
        concurrency_options=None,
        pool_type="ecs",
        pool="ecs-production",
        queue=None,
        job_variables={},
        variables={},
        pull_steps=(
            {"prefect.deployments.steps.set_working_directory": {"directory": "/opt/shop"}},
        ),
        paused=None,
        image_repository="registry.example.org/shop",
        layer=EnvironmentLayer({}, {}, {}),
    )


def test_all_that_is_said_is_kept(tmp_path: Path) -> None:
    """Project, packages, branch, description, tags, queue: as they stand in the files."""
    declared = read(tmp_path, deployments(WHOLE), LAYERED)
    assert (declared.project, declared.packages) == ("shop", ("flows",))
    environment = declared.environments["production"]
    assert (environment.name, environment.branch) == ("production", "main")
    [found] = environment.configurations
    assert (found.description, found.tags, found.queue) == (
        "All orders.",
        ("shop", "nightly"),
        "slow",
    )
    assert found.enforce_parameter_schema is False


LAPTOP = """\
packages: [flows]
environments:
  local:
    pools:
      ecs: {name: local, type: process, queue: fast}
      process: local
    resources: {process: {stream_output: true}}
    working_directory: here
"""


def test_another_type_of_pool_keeps_only_the_variables(tmp_path: Path) -> None:
    """CPU units mean nothing to a process; environment variables do. It runs in its own folder."""
    root = tmp_path / "a shop"
    root.mkdir()
    found = one(root, deployments(WHOLE), LAPTOP, "local")
    assert (found.pool, found.pool_type, found.queue) == ("local", "process", "fast")
    assert found.job_variables == {}
    assert found.variables == {"A": "file", "B": "file", "C": "file"}
    assert found.image_repository is None
    assert found.pull_steps == (
        {
            "prefect.deployments.steps.set_working_directory": {
                "directory": str(root.resolve() / "here")
            }
        },
    )


def test_an_override_may_pick_another_pool(tmp_path: Path) -> None:
    """The resources are those of the pool that it picks, in its own words."""
    overridden = LAYERED.replace(
        "    overrides:\n      orders:\n", "    overrides:\n      orders:\n        pool: process\n"
    )
    found = one(tmp_path, deployments(WHOLE), overridden)
    assert (found.pool, found.pool_type) == ("folder", "process")
    assert found.job_variables == {"memory": 4096}
    assert found.image_repository is None


def test_a_pool_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    """Job variables are in the words of the type that the first environment gives it."""
    text = deployments(WHOLE.replace("name: ecs", "name: big"))
    environments = """\
packages: [flows]
environments:
  production:
    image_repository: registry.example.org/shop
    pools: {big: {name: big-machines, type: ecs}}
  local:
    pools: {big: {name: local, type: process}}
"""
    assert one(tmp_path, text, environments).job_variables == {"cpu": 1024, "memory": 2048}
    assert one(tmp_path, text, environments, "local").job_variables == {}


def _slugs(root: Path, is_on: bool, override: str) -> list[str]:
    environments = ENVIRONMENTS.replace("schedules: true", f"schedules: {str(is_on).lower()}")
    if override:
        environments += f"    overrides: {{orders: {{schedules: {override}}}}}\n"
    found = one(root, deployments(WHOLE), environments)
    return [schedule.slug for schedule in found.schedules]


def test_schedules_run_where_the_environment_says_so(tmp_path: Path) -> None:
    """Off means none at all; an override opts in, out, or has schedules of its own."""
    assert _slugs(tmp_path, True, "") == ["hourly"]
    assert _slugs(tmp_path, False, "") == []
    assert _slugs(tmp_path, False, "true") == ["hourly"]
    assert _slugs(tmp_path, True, "false") == []
    assert _slugs(tmp_path, False, "[{slug: weekly, interval: P1W}]") == ["weekly"]


def test_an_environments_parameters_go_to_the_flows_that_have_them(tmp_path: Path) -> None:
    """A flow without the parameter is not given it."""
    text = deployments(ORDERS, ORDERS.replace("orders", "anything"))
    declared = read(tmp_path, text, f"{ENVIRONMENTS}    parameters: {{day: today}}\n")
    given = {c.name: c.parameters for c in declared.environments["production"].configurations}
    assert given == {"orders": {"day": "today"}, "anything": {}}


def test_anchors_and_merge_keys_are_yamls_own(tmp_path: Path) -> None:
    """`definitions` and `x-` hold what is used more than once; a key beside << wins."""
    text = """\
name: shop
pull: []
definitions:
  pool: &pool {name: ecs, job_variables: {cpu: 256, memory: 512}}
x-common: &common
  tags: [a]
  work_pool: *pool
deployments:
  - <<: *common
    name: orders
    entrypoint: flows/orders.py:orders
    tags: [b]
  - <<: *common
    name: anything
    entrypoint: flows/anything.py:anything
"""
    configurations = read(tmp_path, text).environments["production"].configurations
    assert [c.tags for c in configurations] == [("b",), ("a",)]
    assert all(c.job_variables == {"cpu": 256, "memory": 512} for c in configurations)


def test_a_configuration_is_json(tmp_path: Path) -> None:
    """A date without quotes included, which becomes the text that Prefect makes of it."""
    text = deployments(WHOLE.replace("yesterday", "2026-11-20"))
    content = one(tmp_path, text, LAYERED).content()
    assert json.loads(json.dumps(content))["parameters"]["day"] == "2026-11-20"
