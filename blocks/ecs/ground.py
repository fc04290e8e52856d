"""What runs on ECS stand on, taken from the outputs of the stacks."""

from collections.abc import Iterator
from operator import itemgetter

from blocks.ecs.template import Ground
from blocks.scope import Scope
from infrastructure.cloud.secret_names import parameter_name
from infrastructure.cloud.stacks import region_of
from utilities.errors import ParameterInvalid, SourceNotFound

CPU_UNITS = 512
MEMORY_MIB = 1024


def ground_of(scope: Scope, pool: str) -> Ground:
    """Return what the runs of a pool of type ecs stand on.

    Args:
        scope: the environment.
        pool: name that deployments pick it by; its resources are the default size.

    Raises:
        ParameterInvalid: the environment is not at AWS.
        SourceNotFound: the stacks have no such output.
    """
    platform = scope.platform
    region = region_of(platform)
    cluster = _output(scope, "ClusterArn")
    partition, account = itemgetter(1, 4)(cluster.split(":"))
    parameters = f"arn:{partition}:ssm:{region}:{account}:parameter"
    resources = platform.resources.get(pool, {})
    return Ground(
        region=region,
        cluster=cluster,
        subnets=tuple(_output(scope, "PrivateSubnetIds").split(",")),
        security_group=_output(scope, "TaskSecurityGroupId"),
        task_role=_output(scope, "FlowTaskRoleArn"),
        execution_role=_output(scope, "ExecutionRoleArn"),
        log_group=_output(scope, "FlowLogGroupName"),
        image_repository=platform.image_repository,
        cpu_units=resources.get("cpu", CPU_UNITS),
        memory_mib=resources.get("memory", MEMORY_MIB),
        launch_type=resources.get("launch_type", "FARGATE"),
        environment=dict(_environment(scope, region)),
        secrets={
            name: parameters + parameter_name(platform.environment, name)
            for name in platform.secrets
        },
        tags={"Project": platform.project, "Environment": platform.environment},
    )


def results_block(scope: Scope) -> str:
    """Return the name of the block of results."""
    return f"{scope.prefix}-results"


def _environment(scope: Scope, region: str) -> Iterator[tuple[str, str]]:
    yield "AWS_DEFAULT_REGION", region
    yield "S3_TEMP_BUCKET", _output(scope, "StagingBucketName")
    yield "REDSHIFT_IAM_ROLE", _output(scope, "RedshiftRoleArn")
    yield "RESULTS_BUCKET", _output(scope, "ResultsBucketName")
    yield "EGRESS_ADDRESSES", _output(scope, "EgressAddresses")
    yield "PREFECT_DEFAULT_RESULT_STORAGE_BLOCK", f"s3-bucket/{results_block(scope)}"
    if scope.platform.image_repository is not None:
        yield "ECR_REPOSITORY", scope.platform.image_repository


def _output(scope: Scope, name: str) -> str:
    found = scope.outputs.get(name)
    if found:
        return found
    environment = scope.platform.environment
    if scope.platform.region is None:
        raise ParameterInvalid(
            f"--environment {environment}: it has a work pool of type ecs and no `infrastructure` "
            "in environments.yaml. Add it, or declare the pool with another type."
        )
    raise SourceNotFound(
        f"{name}: no stack of {environment} has this output; the templates have changed since "
        f"they were carried out. Run `python -m infrastructure apply --environment {environment}`."
    )
