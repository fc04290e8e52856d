"""What is wrong with environments.yaml is told with line, place and the right spelling."""

from pathlib import Path

import pytest

from tests.unit.deployments.declaration.made_files import ENVIRONMENTS, problems

ADDED_KEY = {
    "brnch: main": '.brnch: the key is not known. Did you mean "branch"?',
    "branch: 5": ".branch: found 5, expected a text: write it in quotes.",
    "resources: {esc: {cpu: 256}}": ".resources.esc: the environment has no such pool. Did you "
    'mean "ecs"?',
    "resources: {ecs: {cpu: 500}}": ".resources.ecs: Fargate has no 500 CPU units, but 256, 512, "
    "1024, 2048, 4096, 8192, 16384. Nearest: 512.",
    "resources: {ecs: {env: {A: b}}}": ".resources.ecs.env: it is not used: environment variables "
    'go under "variables".',
    "resources: {ecs: small}": '.resources.ecs: found the text "small", expected a mapping.',
    "parameters: {dya: x}": ".parameters.dya: no flow has such a parameter. Did you mean " '"day"?',
    "parameters: {day: 5}": ".parameters.day: found 5, expected str, as flows/orders.py:7 has it.",
    "variables: {A: 5}": ".variables.A: found 5, expected a text, as environment variables are: "
    "write it in quotes.",
    "variables: {DEPLOYMENT_NAME: x}": ".variables.DEPLOYMENT_NAME: it is set for every run, from "
    "the commit that is deployed. Remove it.",
    "variables: {A: '{{ x }}'}": ".variables.A: found the template {{ x }}: nothing fills it in "
    "here. Write the value out, or let the flow or the work pool's template look it up.",
    "overrides: {order: {paused: true}}": ".overrides.order: prefect.yaml has no such deployment. "
    'Did you mean "orders"?',
    "overrides: {orders: {pool: esc}}": ".overrides.orders.pool: the environment has no pool "
    '"esc". Did you mean "ecs"?',
    "overrides: {orders: {paus: true}}": ".overrides.orders.paus: the key is not known. Did you "
    'mean "paused"?',
    "overrides: {orders: {work_pool: x}}": ".overrides.orders.work_pool: it is not used: write "
    '"pool: ecs" for another pool of this environment.',
    "overrides: {orders: {schedules: maybe}}": '.overrides.orders.schedules: found the text "maybe"'
    ", expected true or false, or a list, each item a mapping with keys such as slug, cron, "
    "interval.",
    "overrides: {orders: {schedules: [{slug: a, cron: x}]}}": ".overrides.orders.schedules.a.cron: "
    'found "x", expected a cron expression: minute hour day month weekday, such as "30 6 * * 1-5".',
    "overrides: {orders: {parameters: {dya: 5}}}": ".overrides.orders.parameters.dya: the flow "
    'orders (flows/orders.py:7) has no such parameter. Did you mean "day"?',
    "overrides: {orders: {job_variables: {memory: 999}}}": ".overrides.orders.job_variables: "
    "Fargate has no 999 MiB, but other sizes. Nearest: memory: 1024.",
    "secrets: [API_KEY, API-KEY]": '.secrets.2: found "API-KEY", expected letters, digits and _: '
    "runs get it as an environment variable of this name.",
    "secrets: [API_KEY, API_KEY]": '.secrets.2: found "API_KEY" a second time. Remove one of the '
    "two.",
    "secrets: API_KEY": '.secrets: found the text "API_KEY", expected a list, each item a name '
    "such as REDSHIFT_PASSWORD.",
    "infrastructure: {parameters: {}}": '.infrastructure: "region" is missing: AWS region of all '
    "stacks, such as us-east-1.",
    "infrastructure: {region: x, parameters: {NatGateways: [one]}}": ".infrastructure.parameters"
    ".NatGateways: found a list, expected a text, or a whole number of at least 0.",
    "prefect: {queues: {esc: {urgent: {priority: 1}}}}": ".prefect.queues.esc: the environment has "
    'no such pool. Did you mean "ecs"?',
    "prefect: {notifications: {type: pager, address_from: X}}": ".prefect.notifications.type: found "
    'the text "pager", expected slack or webhook. Known here: slack, webhook.',
    "overrides: {orders: }": ".overrides.orders: found nothing, expected a mapping with keys such "
    "as pool, schedules, parameters.",
}


@pytest.mark.parametrize("key", ADDED_KEY)
def test_a_key_that_cannot_be_is_explained(tmp_path: Path, key: str) -> None:
    """One wrong key in an environment gives one line, at the key's own line of the file."""
    found = problems(tmp_path, environments=f"{ENVIRONMENTS}    {key}\n")
    assert found == [f"environments.yaml:7: environments.production{ADDED_KEY[key]}"]


POOLS = {
    "{big: x, ecs: y}": '.big: "big" is no type of work pool, and none is given. Write {name: ..., '
    "type: ...} with one of ecs, coiled, managed, process.",
    "{ecs: {nmae: x}}": '.ecs.nmae: the key is not known. Did you mean "name"?',
    "{ecs: {name: x, type: esc}}": '.ecs.type: found the text "esc", expected ecs or coiled or '
    'managed or process. Did you mean "ecs"?',
    "5": ": found 5, expected a mapping such as {ecs: ecs-production}.",
}


@pytest.mark.parametrize("pools", POOLS)
def test_a_pool_that_cannot_be_is_explained(tmp_path: Path, pools: str) -> None:
    """A pool has a name at Prefect and a type, which its key may tell."""
    found = problems(tmp_path, environments=ENVIRONMENTS.replace("{ecs: ecs-production}", pools))
    assert found[0] == f"environments.yaml:6: environments.production.pools{POOLS[pools]}"


def test_packages_are_folders_and_hold_every_flow(tmp_path: Path) -> None:
    """A run could not import what the image does not hold."""
    (tmp_path / "shelf").mkdir()
    wrong = ENVIRONMENTS.replace("[flows]", "[shelff]")
    assert problems(tmp_path, environments=wrong) == [
        'environments.yaml:1: packages: "flows" is missing, which the flow of orders is in '
        "(prefect.yaml:6). Add it.",
        'environments.yaml:1: packages: found "shelff", but there is no such folder or module. Did you mean '
        '"shelf"?',
    ]


def test_images_need_a_repository(tmp_path: Path) -> None:
    """An environment whose runs start from images says where those are."""
    line = "    image_repository: registry.example.org/shop\n"
    assert problems(tmp_path, environments=ENVIRONMENTS.replace(line, "")) == [
        'environments.yaml:3: environments.production: "image_repository" is missing: runs in the '
        "pool ecs start from an image. Name the repository that images are pushed to."
    ]


def test_a_pool_that_one_environment_lacks_is_told_once(tmp_path: Path) -> None:
    """However many deployments pick it."""
    other = "  other:\n    pools: {process: local}\n"
    assert problems(tmp_path, environments=ENVIRONMENTS + other) == [
        'environments.yaml:8: environments.other.pools: the pool "ecs" is missing, which orders '
        "(prefect.yaml:6) run in. It has: process."
    ]


def test_environments_differ_also_at_prefect(tmp_path: Path) -> None:
    """Their names are part of each live deployment's name."""
    pools = "{ecs: {name: local, type: process}}"
    more = f"  'a b': {{pools: {pools}}}\n  a-b: {{pools: {pools}}}\n"
    assert problems(tmp_path, environments=ENVIRONMENTS + more) == [
        'environments.yaml:8: environments.a-b: found "a-b", but "a b", which becomes the same at '
        "Prefect, stands in line 7. Give one of the two a suffix of its own, such as -hourly."
    ]
