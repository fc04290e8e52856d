"""The base job template of ECS pools: judged against the installed prefect-aws and Prefect."""

import asyncio
import typing
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.settings.models.root import Settings
from prefect_aws.workers.ecs_worker import ECSJobConfiguration, ECSWorker
from pydantic import BaseModel

from blocks.ecs import judged, template
from blocks.ecs.ground import ground_of
from blocks.ecs.template import base_job_template
from tests.prefect.blocks.declared import OUTPUTS
from tests.unit.blocks.made_scope import made_scope
from utilities.errors import InvariantBroken, ParameterInvalid, SourceNotFound

REQUEST = {"cluster", "launchType", "overrides", "tags", "taskDefinition"}
REQUEST |= {"capacityProviderStrategy"}
"""What prefect-aws 0.7.12 puts into RunTask by its own template."""

DEFINITION = {"containerDefinitions", "cpu", "memory", "family", "executionRoleArn"}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The template of an environment."""
    return base_job_template(ground_of(made_scope(), "ecs"))


def configuration(made: dict[str, Any], **values: Any) -> ECSJobConfiguration:
    """Return what the worker makes of the template and a deployment's job variables."""
    values = {"image": "shop:1", **values}
    # Nothing in it refers to a block or a variable, so that no server is asked.
    client = PrefectClient("http://127.0.0.1:9/api")
    found = asyncio.run(ECSJobConfiguration.from_template_and_values(made, values, client=client))
    assert isinstance(found, ECSJobConfiguration)
    return found


def test_every_variable_of_prefect_aws_is_judged() -> None:
    """A newer prefect-aws that offers more is named here, before it offers it in production."""
    offered = set(ECSWorker.get_default_base_job_template()["variables"]["properties"])
    unjudged = offered - {*judged.CHOSEN, *judged.FIXED}
    assert unjudged == set(), "add them to CHOSEN or FIXED of blocks/ecs/judged.py"


def test_what_prefect_aws_asks_of_ecs_is_what_was_judged() -> None:
    """Its own template has the parts that ours replaces, and no other."""
    own = ECSWorker.get_default_base_job_template()["job_configuration"]
    assert set(own["task_run_request"]) == REQUEST
    assert set(own["task_definition"]) == DEFINITION
    known = {*judged.CHOSEN, *judged.FIXED, "task_definition", "task_run_request"}
    constants = {"stream_output", "task_start_timeout_seconds", "task_watch_poll_interval"}
    assert set(own) - known == constants
    assert set(ECSJobConfiguration.model_fields) == set(own)


def test_an_older_prefect_aws_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that it does not know is named, rather than silently without effect."""
    monkeypatch.setattr(template, "CHOSEN", {**judged.CHOSEN, "gpu": "of a later version"})
    with pytest.raises(InvariantBroken, match="does not know gpu"):
        base_job_template(ground_of(made_scope(), "ecs"))


def test_no_variable_is_left_that_decides_over_network_roles_or_secrets(
    made: dict[str, Any],
) -> None:
    """Deployments choose among what was judged harmless; each placeholder is one of these."""
    assert set(made["variables"]["properties"]) == set(judged.CHOSEN)
    for name in judged.FIXED:
        assert f"{{{{ {name} }}}}" not in str(made["job_configuration"])


def test_secret_settings_of_the_worker_are_not_passed_on() -> None:
    """Every setting that the installed Prefect holds as a secret is taken out of the request."""
    names = {
        f"PREFECT_{'_'.join(path).upper()}"
        for path, annotation in _settings(Settings)
        if "Secret" in annotation
    }
    database = {name for name in names if "DATABASE" in name}
    names |= {name.replace("_SERVER_DATABASE_", "_API_DATABASE_") for name in database}
    assert names <= set(judged.INHERITED_SECRETS)


@pytest.mark.parametrize("key", [None, "pnu_of-the-worker"])
def test_a_worker_with_and_without_a_key_passes_none_on(
    made: dict[str, Any], key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """prefect-aws takes the key out by itself, and would fail over a worker that has none."""
    inherited = {"PREFECT_API_KEY": key, "PREFECT_SERVER_DATABASE_PASSWORD": key} if key else {}
    monkeypatch.setattr(ECSJobConfiguration, "_base_environment", staticmethod(lambda: inherited))
    wanted = {"SHOP": "x", "PREFECT_API_KEY": "pnu_of-a-deployment"}
    found = configuration(made, env=wanted, **{"env.MORE": "y"})
    found.prepare_for_flow_run(FlowRun(flow_id=uuid4()))
    assert (found.env["SHOP"], found.env["MORE"]) == ("x", "y")
    assert "PREFECT_API_KEY" not in found.env
    assert "pnu_" not in str(found.env)


def test_a_server_of_your_own_gives_its_password_by_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PREFECT_API_AUTH_STRING instead of a key: the worker's own is not passed on either."""
    scope = made_scope(secrets=("PREFECT_API_AUTH_STRING",))
    made = base_job_template(ground_of(scope, "ecs"))
    inherited = {"PREFECT_API_AUTH_STRING": "user:pass phrase", "PREFECT_API_KEY": "left over"}
    monkeypatch.setattr(ECSJobConfiguration, "_base_environment", staticmethod(lambda: inherited))
    found = configuration(made)
    found.prepare_for_flow_run(FlowRun(flow_id=uuid4()))
    assert not set(inherited) & set(found.env)
    assert found.prefect_api_auth_string_secret_arn is not None
    assert found.prefect_api_auth_string_secret_arn.endswith("/PREFECT_API_AUTH_STRING")
    assert found.prefect_api_key_secret_arn is None


def test_a_deployment_that_asks_for_the_world_gets_the_same_request(made: dict[str, Any]) -> None:
    """Job variables that the template does not name change nothing of what goes to ECS."""
    network = {"awsvpcConfiguration": {"subnets": ["public"], "assignPublicIp": "ENABLED"}}
    asked = configuration(
        made,
        vpc_id="vpc-1",
        network_configuration=network,
        task_run_request={"networkConfiguration": network},
        **{name: "mine" for name in judged.FIXED if name.endswith("_arn")},
        **{"task_run_request.networkConfiguration": network},
    )
    plain = configuration(made)
    for each in (asked, plain):
        assert each.vpc_id is None
        assert each.network_configuration == {}
    assert asked.task_run_request == plain.task_run_request
    assert asked.task_definition == plain.task_definition
    assert asked.execution_role_arn == OUTPUTS["ExecutionRoleArn"]


def test_the_default_size_and_spot_come_from_environments_yaml() -> None:
    """`resources` of the pool are the defaults of its variables."""
    resources = {"ecs": {"cpu": 2048, "memory": 8192, "launch_type": "FARGATE_SPOT"}}
    made = base_job_template(ground_of(made_scope(resources=resources), "ecs"))
    variables = made["variables"]["properties"]
    defaults = {name: variables[name]["default"] for name in ("cpu", "memory", "launch_type")}
    assert defaults == resources["ecs"]
    found = configuration(made)
    assert found.task_definition["cpu"] == 2048
    assert found.task_definition["containerDefinitions"][0]["memory"] == 8192


def test_a_pool_without_an_environment_at_aws_is_refused() -> None:
    """Its runs would have no network to be in."""
    with pytest.raises(ParameterInvalid, match="no `infrastructure`"):
        ground_of(made_scope(region=None), "ecs")


def test_an_output_that_the_stacks_lack_is_named() -> None:
    """Stacks that were made from older templates are brought up to date first."""
    scope = made_scope()
    outputs = {name: value for name, value in scope.outputs.items() if name != "ExecutionRoleArn"}
    older = type(scope)(scope.platform, outputs, 2.0, None, ())
    with pytest.raises(SourceNotFound, match="ExecutionRoleArn.*python -m infrastructure apply"):
        ground_of(older, "ecs")


def _settings(
    model: type[BaseModel], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *typing.get_args(field.annotation))
        models = [each for each in kinds if isinstance(each, type) and issubclass(each, BaseModel)]
        for each in models:
            yield from _settings(each, (*path, name))
        if not models:
            yield (*path, name), str(field.annotation)
