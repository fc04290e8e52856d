"""Make the base job template out of prefect-aws's own: less to choose, the network fixed."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from blocks.ecs.judged import CHOSEN, CPU_UNITS, INHERITED_SECRETS, LAUNCH_TYPES
from utilities.errors import InvariantBroken

CONTAINER = "prefect"
"""The container that prefect-aws's observer looks at when a task has stopped."""

API_KEY = "PREFECT_API_KEY"  # pragma: allowlist secret
AUTH_STRING = "PREFECT_API_AUTH_STRING"
SMALLEST_MEMORY_MIB = 512


@dataclass(frozen=True)
class Ground:
    """What the runs of a pool stand on.

    Attributes:
        region: of AWS.
        cluster: its ARN.
        subnets: private ones.
        security_group: of tasks.
        task_role, execution_role: their ARNs.
        log_group: name of the group that exists.
        image_repository: that images come from; None for any.
        cpu_units, memory_mib, launch_type: of a run that does not say.
        environment: variables of every run; a deployment's go before them.
        secrets: ARN of the parameter of each secret, by the variable that a run finds it in.
        tags: of every task.
    """

    region: str
    cluster: str
    subnets: tuple[str, ...]
    security_group: str
    task_role: str
    execution_role: str
    log_group: str
    image_repository: str | None
    cpu_units: int
    memory_mib: int
    launch_type: str
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    tags: Mapping[str, str]


def base_job_template(ground: Ground) -> dict[str, Any]:
    """Return the template of a work pool of type ecs.

    Raises:
        InvariantBroken: the installed prefect-aws does not know what is used here.
    """
    from prefect_aws.workers.ecs_worker import ECSJobConfiguration, ECSWorker

    own = ECSWorker.get_default_base_job_template()
    configuration = _job_configuration(ground, own["job_configuration"])
    unknown = [
        *(name for name in configuration if name not in ECSJobConfiguration.model_fields),
        *(name for name in CHOSEN if name not in own["variables"]["properties"]),
    ]
    if unknown:
        raise InvariantBroken(
            f"The installed prefect-aws does not know {', '.join(unknown)}; expected the version of "
            "requirements.txt. Install that, or mend blocks/ecs."
        )
    return {
        "job_configuration": configuration,
        "variables": _variables(ground, own["variables"]["properties"]),
    }


def _variables(ground: Ground, own: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: deepcopy(own[name]) for name in CHOSEN}
    image = {"type": "string"}
    if ground.image_repository is not None:
        # Prefect refuses to make a deployment, or a run by hand, with any other image. A deployment
        # that is changed afterwards it does not look at: a fence for mistakes.
        image["pattern"] = "^" + ground.image_repository.replace(".", r"\.") + "[:@]"
    memory = {"type": "integer", "minimum": SMALLEST_MEMORY_MIB, "default": ground.memory_mib}
    _narrow(properties["image"], image)
    _narrow(
        properties["cpu"],
        {"type": "integer", "enum": list(CPU_UNITS), "default": ground.cpu_units},
    )
    _narrow(properties["memory"], memory)
    _narrow(
        properties["launch_type"],
        {"type": "string", "enum": list(LAUNCH_TYPES), "default": ground.launch_type},
    )
    # Without an image prefect-aws takes one of Prefect's, which has no flow in it.
    return {"type": "object", "properties": properties, "required": ["image"]}


def _narrow(variable: dict[str, Any], allowed: Mapping[str, Any]) -> None:
    """Replace what a variable may be; its title and description stay."""
    for key in ("anyOf", "type", "default", "enum"):
        variable.pop(key, None)
    variable.update(allowed)


def _job_configuration(ground: Ground, own: Mapping[str, Any]) -> dict[str, Any]:
    constants = {name: value for name, value in own.items() if not _is_template(value)}
    fixed: dict[str, Any] = {
        **constants,
        **{name: own[name] for name in ("command", "labels", "name")},
        # A mapping in the place of "{{ env }}": a deployment's variables are put into it. Null
        # takes the worker's own away, which it would pass on in plain text.
        "env": dict.fromkeys(INHERITED_SECRETS),
        "task_definition": _task_definition(ground),
        "task_run_request": _task_run_request(ground),
        "container_name": CONTAINER,
        "cluster": ground.cluster,
        "execution_role_arn": ground.execution_role,
        "configure_cloudwatch_logs": True,
        "cloudwatch_logs_options": {
            "awslogs-group": ground.log_group,
            "awslogs-region": ground.region,
            "awslogs-create-group": "false",
        },
        "auto_deregister_task_definition": False,
        "match_latest_revision_in_family": True,
    }
    if API_KEY in ground.secrets:
        fixed["prefect_api_key_secret_arn"] = ground.secrets[API_KEY]
        # prefect-aws deletes it from the variables, and fails the run when it is not among them.
        fixed["env"][API_KEY] = ""
    if AUTH_STRING in ground.secrets:
        fixed["prefect_api_auth_string_secret_arn"] = ground.secrets[AUTH_STRING]
    return fixed


def _is_template(value: Any) -> bool:
    """Whether a value of prefect-aws's template stands for a variable, or holds one."""
    return isinstance(value, dict) or (isinstance(value, str) and "{{" in value)


def _task_definition(ground: Ground) -> dict[str, Any]:
    return {
        "containerDefinitions": [
            {
                "name": CONTAINER,
                "image": "{{ image }}",
                "essential": True,
                # On Fargate the container has the whole task; the same number said here makes
                # ECS stop the container, and say why, before the task runs out.
                "memory": "{{ memory }}",
                "environment": [
                    {"name": name, "value": value} for name, value in ground.environment.items()
                ],
                "secrets": [
                    {"name": name, "valueFrom": arn} for name, arn in ground.secrets.items()
                ],
            }
        ],
        "cpu": "{{ cpu }}",
        "memory": "{{ memory }}",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "taskRoleArn": ground.task_role,
        "executionRoleArn": ground.execution_role,
    }


def _task_run_request(ground: Ground) -> dict[str, Any]:
    return {
        "cluster": ground.cluster,
        "launchType": "{{ launch_type }}",
        # No "environment" here: prefect-aws puts the whole of `env` in by itself, less the key.
        "overrides": {
            "containerOverrides": [{"name": CONTAINER, "command": "{{ command }}"}],
        },
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": list(ground.subnets),
                "securityGroups": [ground.security_group],
                "assignPublicIp": "DISABLED",
            }
        },
        "tags": [{"key": key, "value": value} for key, value in ground.tags.items()],
    }
