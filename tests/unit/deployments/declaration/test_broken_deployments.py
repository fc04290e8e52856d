"""What is wrong with a deployment of prefect.yaml is told with line, place and the right spelling."""

from pathlib import Path

import pytest

from tests.unit.deployments.declaration.made_files import (
    CATALOG,
    ENVIRONMENTS,
    ORDERS,
    deployments,
    problems,
    read,
)

IMAGE_IS_BUILT = (
    "it is not used: images are built by `python -m deployments images`, one for each commit. "
    "Remove it."
)

ADDED_KEY = {
    "shedules: []": 'shedules: the key is not known. Did you mean "schedules"?',
    "Paused: true": 'Paused: the key is not known. Did you mean "paused"?',
    "xyz: 1": "xyz: the key is not known. Known here: name, entrypoint, description, tags, "
    "parameters, enforce_parameter_schema, schedules, paused, concurrency_limit, work_pool, pull.",
    "description: 5": "description: found 5, expected a text: write it in quotes.",
    'description: ""': "description: found an empty text, expected a text.",
    "paused: 'no'": 'paused: found the text "no", expected true or false.',
    "tags: nightly": 'tags: found the text "nightly", expected a list, each item a text.',
    "tags: [a, COMMIT_HASH=b]": "tags[1]: COMMIT_HASH= is set from the commit that is deployed. "
    "Remove it.",
    "concurrency_limit: one": 'concurrency_limit: found the text "one", expected a whole number '
    "of at least 1, or a mapping with keys such as limit, collision_strategy, "
    "grace_period_seconds.",
    "concurrency_limit: 0": "concurrency_limit: found 0, expected a whole number of at least 1.",
    "concurrency_limit: {limit: 1}": 'concurrency_limit: "collision_strategy" is missing: what '
    "one run too many does.",
    "concurrency_limit: {limit: 1, collision_strategy: enqeue}": "concurrency_limit."
    'collision_strategy: found the text "enqeue", expected ENQUEUE or CANCEL_NEW. Did you mean '
    '"ENQUEUE"?',
    "concurrency_limit: {limit: 1, collision_strategy: ENQUEUE, grace_period_seconds: 5}": (
        "concurrency_limit.grace_period_seconds: found 5, expected a whole number from 60 to 86400."
    ),
    "version: 1.0": "version: it is not used: it tells which code and configuration are live. Use "
    "a tag for a note.",
    "build: []": f"build: {IMAGE_IS_BUILT}",
    "push: []": f"push: {IMAGE_IS_BUILT}",
    "triggers: []": "triggers: it is not used: automations have a life of their own at Prefect. "
    "Create it there.",
    "sla: []": "sla: it is not used: only Prefect Cloud knows it, outside of deployments. Create "
    "it there.",
    "flow_name: x": "flow_name: it is not used: the flow's name is in its code: @flow(name=...). "
    "Remove it.",
    "schedule: {cron: x}": 'schedule: it is not used: that is the old form. Use "schedules", a '
    "list, with a slug for each.",
    "parameters:": "parameters: found nothing, expected a mapping of parameters to values.",
    "parameters: {dya: x}": "parameters.dya: the flow orders (flows/orders.py:7) has no such "
    'parameter. Did you mean "day"?',
    "parameters: {day: 5}": "parameters.day: found 5, expected str, as flows/orders.py:7 has it.",
    "parameters: {limit: ten}": 'parameters.limit: found the text "ten", expected int | None, as '
    "flows/orders.py:7 has it.",
    "parameters: {mode: upsret}": 'parameters.mode: found the text "upsret", expected '
    'Literal["append", "upsert"], as flows/orders.py:7 has it. Did you mean "upsert"?',
    "parameters: {mode: {}}": 'parameters.mode: found a mapping, expected Literal["append", '
    '"upsert"], as flows/orders.py:7 has it.',
    "parameters: {day: {__prefect_kind: workspace_variable, variable_name: day}}": "parameters.day."
    "__prefect_kind: Prefect's server would put another value in its place, so that what is live "
    "never equals what is declared. Write the value out.",
    "parameters: {day: '{{ prefect.variables.day }}'}": "parameters.day: found the template "
    "{{ prefect.variables.day }}: `prefect deploy` would fill it in, and the value, secrets as "
    "well, could be read in the deployment. Write the value out, or let the flow or the work "
    "pool's template look it up.",
}


@pytest.mark.parametrize("key", ADDED_KEY)
def test_a_key_that_cannot_be_is_explained(tmp_path: Path, key: str) -> None:
    """One wrong key in a deployment gives one line, at the key's own line of the file."""
    found = problems(tmp_path, deployments(f"{ORDERS}{key}\n"))
    assert found == [f"prefect.yaml:9: deployments.orders.{ADDED_KEY[key]}"]


ENTRYPOINTS = {
    "flows/orders.py:order": 'found "flows/orders.py:order", but flows/orders.py has no flow '
    'function order. Did you mean "flows/orders.py:orders"?',
    "flows/order.py:orders": 'found "flows/order.py:orders", but there is no file flows/order.py. '
    'Did you mean "flows/orders.py:orders"?',
    "flows.orders.orders": 'found "flows.orders.orders", expected file and function, as in '
    'file.py:function. Did you mean "flows/orders.py:orders"?',
    "x:y": 'found "x:y", but there is no file x. Flows: flows/orders.py:orders, '
    "flows/copy_table.py:copy_table, flows/anything.py:anything.",
    "flows/unnamed.py:unnamed": "flows/unnamed.py:3 cannot be read: the name of flow unnamed is not "
    "written out. Mend the file.",
    "5": "found 5, expected a text: write it in quotes.",
}


@pytest.mark.parametrize("entrypoint", ENTRYPOINTS)
def test_an_entrypoint_without_a_flow_is_explained(tmp_path: Path, entrypoint: str) -> None:
    """Whether file, function or Python itself is wrong, and which flow was probably meant."""
    broken = ORDERS.replace("flows/orders.py:orders", entrypoint)
    found = problems(tmp_path, deployments(broken))
    assert found == [f"prefect.yaml:7: deployments.orders.entrypoint: {ENTRYPOINTS[entrypoint]}"]


def test_a_flow_whose_file_is_not_python_stops_no_other(tmp_path: Path) -> None:
    """Its deployment is declared all the same; whoever deploys it is told."""
    torn = """\
        name: torn-up
        entrypoint: flows/torn.py:torn
        parameters: {any: 1}
        work_pool: {name: ecs}
        """
    declared = read(tmp_path, deployments(ORDERS, torn)).environments["production"]
    assert [each.name for each in declared.configurations] == ["orders", "torn-up"]


WORK_POOLS = {
    "{name: esc}": '.name: found "esc", but no environment has a pool of this name. Did you mean '
    '"ecs"?',
    "{nmae: ecs}": '.nmae: the key is not known. Did you mean "name"?',
    "{}": ': "name" is missing: a pool of environments.yaml, such as ecs.',
    "ecs": ': found the text "ecs", expected a mapping with keys such as name, work_queue_name, '
    "job_variables.",
    "{name: ecs, job_variables: {vpc_id: vpc-1}}": ".job_variables.vpc_id: it is not used: every "
    "run is in the private subnets of its environment, so that its address is known.",
    "{name: ecs, job_variables: {task_role_arn: x}}": ".job_variables.task_role_arn: it is not "
    "used: the roles are those of the environment's stacks.",
    "{name: ecs, job_variables: {cluster: x}}": ".job_variables.cluster: it is not used: the work "
    "pool's template decides it for all runs of the environment.",
    "{name: ecs, job_variables: {image: x}}": ".job_variables.image: it is not used: each "
    "deployment runs the image of its commit. Give the environment an image_repository, and the "
    "flow a requirements.txt or Dockerfile of its own when it needs more.",
    "{name: ecs, job_variables: {env: {A: 1}}}": ".job_variables.env.A: found 1, expected a text, "
    "as environment variables are: write it in quotes.",
    "{name: ecs, job_variables: {env: {a-b: c}}}": ".job_variables.env.a-b: no name of an "
    "environment variable: letters, digits and _ only.",
    "{name: ecs, job_variables: {env: {COMMIT_HASH: c}}}": ".job_variables.env.COMMIT_HASH: it is "
    "set for every run, from the commit that is deployed. Remove it.",
    "{name: ecs, job_variables: {cpu: 512, memory: 8192}}": ".job_variables: Fargate has no 8192 "
    "MiB with 512 CPU units, but 1024 to 4096 MiB. Nearest: memory: 4096, or cpu: 1024 or 2048 or "
    "4096.",
}


@pytest.mark.parametrize("pool", WORK_POOLS)
def test_a_work_pool_that_cannot_be_is_explained(tmp_path: Path, pool: str) -> None:
    """The pool, its image, its environment variables and its size are judged."""
    found = problems(tmp_path, deployments(ORDERS.replace("{name: ecs}", pool)))
    assert found == [f"prefect.yaml:8: deployments.orders.work_pool{WORK_POOLS[pool]}"]


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "PGPASSWORD", "API_TOKEN", "VAN_API_KEY", "AWS_ACCESS_KEY_ID", "CLIENT_SECRET"],
)
def test_a_variable_that_looks_like_a_credential_is_refused(tmp_path: Path, name: str) -> None:
    """Credentials go through the work pool, by reference; the message never shows the value."""
    pool = f"{{name: ecs, job_variables: {{env: {{{name}: hunter2}}}}}}"
    found = problems(tmp_path, deployments(ORDERS.replace("{name: ecs}", pool)))
    assert found == [
        f"prefect.yaml:8: deployments.orders.work_pool.job_variables.env.{name}: it looks like a "
        "credential, and everybody who reads the deployment would see it. Let the work pool's "
        "template give it by reference (secrets of the task definition)."
    ]


@pytest.mark.parametrize("name", ["DB_SECRET_ARN", "TOKEN_FILE", "MAX_TOKENS", "KEYWORDS"])
def test_a_variable_that_refers_to_a_credential_is_taken(tmp_path: Path, name: str) -> None:
    """A secret's ARN or file is no secret."""
    pool = f"{{name: ecs, job_variables: {{env: {{{name}: x}}}}}}"
    declared = read(tmp_path, deployments(ORDERS.replace("{name: ecs}", pool)))
    assert declared.environments["production"].configurations[0].variables == {name: "x"}


def test_a_name_begins_with_its_flows_name(tmp_path: Path) -> None:
    """A deployment can be found by its flow: a suffix is free, the beginning is not."""
    found = problems(tmp_path, deployments(ORDERS.replace("name: orders", "name: order", 1)))
    assert found == [
        'prefect.yaml:6: deployments.order.name: found "order", expected "orders", its flow\'s '
        'name with hyphens, or that and a suffix, such as "orders-hourly".'
    ]
    assert read(tmp_path, deployments(ORDERS.replace("name: orders", "name: orders-hourly", 1)))


def test_names_differ_also_at_prefect(tmp_path: Path) -> None:
    """Equal names are refused, and so are names that become equal in a live deployment's name."""
    same, alike = deployments(ORDERS, ORDERS), deployments(
        ORDERS.replace("name: orders", "name: orders-a b", 1),
        ORDERS.replace("name: orders", "name: orders-a-b", 1),
    )
    assert problems(tmp_path, same) == [
        'prefect.yaml:9: deployments.orders.name: found "orders", but this name stands in line 6. '
        "Give one of the two a suffix of its own, such as -hourly."
    ]
    assert problems(tmp_path, alike) == [
        'prefect.yaml:9: deployments.orders-a-b.name: found "orders-a-b", but "orders-a b", which '
        "becomes the same at Prefect, stands in line 6. Give one of the two a suffix of its own, "
        "such as -hourly."
    ]


COPY = """\
name: copy-table
entrypoint: flows/copy_table.py:copy_table
work_pool: {name: ecs}
"""


def test_a_scheduled_run_has_all_that_it_needs(tmp_path: Path) -> None:
    """A parameter without default needs a value as soon as a schedule runs, and not before."""
    schedule = "schedules: [{slug: hourly, interval: 3600}]\n"
    assert problems(tmp_path, deployments(COPY + schedule)) == [
        'prefect.yaml:6: deployments.copy-table: the schedule "hourly" cannot run in production: '
        'the parameter "table" has no default (flows/copy_table.py:7) and no value. Give it one '
        "under parameters."
    ]
    of_run = "schedules: [{slug: hourly, interval: 3600, parameters: {table: a.b}}]\n"
    assert read(tmp_path, deployments(COPY + of_run))
    assert read(tmp_path, deployments(COPY + schedule + "parameters: {table: a.b}\n"))
    assert read(tmp_path, deployments(COPY))
    off = ENVIRONMENTS.replace("schedules: true", "schedules: false")
    assert read(tmp_path, deployments(COPY + schedule), off)


def test_a_flow_with_any_parameters_takes_any(tmp_path: Path) -> None:
    """`**kwargs` has no parameter that could be misspelled."""
    text = ORDERS.replace("orders", "anything") + "parameters: {whatever: 1}\n"
    declared = read(tmp_path, deployments(text), catalog=CATALOG)
    assert declared.environments["production"].configurations[0].parameters == {"whatever": 1}


def test_what_a_run_fills_in_may_stay_a_template(tmp_path: Path) -> None:
    """Pull steps, and `{{ ctx. }}`, are still templates in the live deployment."""
    text = deployments(
        ORDERS
        + "parameters: {day: '{{ ctx.flow_run.id }}'}\n"
        + "pull: [{step: {token: '{{ prefect.blocks.secret.a }}'}}]\n"
    )
    assert read(tmp_path, text + "x-unused: '{{ y }}'\n").project == "shop"
    aliased = f"x-day: &day '{{{{ y }}}}'\n{text}".replace("'{{ ctx.flow_run.id }}'", "*day")
    assert "{{ y }}" in problems(tmp_path, aliased)[0]
