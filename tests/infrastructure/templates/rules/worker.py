"""The worker: one at a time, asked whether it is well, unable to write outside of a scratch folder."""

from collections.abc import Iterator
from typing import Any

from tests.infrastructure.templates.resolver import Resolved

SECRET_WORDS = ("KEY", "PASSWORD", "SECRET", "TOKEN")


def single(stack: Resolved) -> list[str]:
    """A deployment, a failed one, or a move to another zone never runs two workers at once."""
    found = []
    for name, service in stack.of_type("AWS::ECS::Service").items():
        deployment = service.get("DeploymentConfiguration", {})
        breaker = deployment.get("DeploymentCircuitBreaker", {})
        if service.get("DesiredCount") != 1:
            found.append(f"{name}: {service.get('DesiredCount')} workers")
        if (deployment.get("MinimumHealthyPercent"), deployment.get("MaximumPercent")) != (0, 100):
            found.append(f"{name}: a deployment may run two workers")
        # Else it would start a second one before it stops the first.
        if service.get("AvailabilityZoneRebalancing") != "DISABLED":
            found.append(f"{name}: spreading over zones may run two workers")
        if not breaker.get("Enable") or not breaker.get("Rollback"):
            found.append(f"{name}: a deployment that fails is not rolled back")
        if service.get("LaunchType") != "FARGATE":
            found.append(f"{name}: starts on {service.get('LaunchType')}")
    return found


def containers(stack: Resolved) -> list[str]:
    """A container is nobody's root, writes to a volume alone, logs, and says how it is."""
    return [
        f"{name}: {fault}"
        for name, task in stack.of_type("AWS::ECS::TaskDefinition").items()
        for container in task["ContainerDefinitions"]
        for fault in _faults(container, task, stack)
    ]


def logs(stack: Resolved) -> list[str]:
    """No log is kept for ever."""
    return [
        f"{name} is kept for ever"
        for name, group in stack.of_type("AWS::Logs::LogGroup").items()
        if "RetentionInDays" not in group
    ]


def events(stack: Resolved) -> list[str]:
    """The queue hears of tasks of this cluster from its own rule, and from nobody else."""
    found = []
    rules = stack.of_type("AWS::Events::Rule")
    queues = stack.of_type("AWS::SQS::Queue")
    for name, rule in rules.items():
        pattern = rule["EventPattern"]
        if pattern.get("detail", {}).get("clusterArn") != ["${Cluster.Arn}"]:
            found.append(f"{name} tells of other clusters")
        if pattern.get("detail-type") != ["ECS Task State Change"]:
            found.append(f"{name} tells of {pattern.get('detail-type')}")
        if [target["Arn"] for target in rule["Targets"]] != ["${TaskEvents.Arn}"]:
            found.append(f"{name} does not tell the worker's queue")
    for name, policy in stack.of_type("AWS::SQS::QueuePolicy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            source = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn")
            if source not in [f"${{{rule}.Arn}}" for rule in rules]:
                found.append(f"{name} lets others write")
    for name, queue in queues.items():
        if queue.get("SqsManagedSseEnabled") is not True:
            found.append(f"{name} is not encrypted")
    has_pool = stack.values["WorkerPoolName"] != ""
    if has_pool and not (rules and queues and stack.of_type("AWS::SQS::QueuePolicy")):
        found.append("the worker hears of nothing")
    return found


def _faults(container: dict[str, Any], task: dict[str, Any], stack: Resolved) -> Iterator[str]:
    volumes = {volume["Name"] for volume in task.get("Volumes", [])}
    mounted = {
        mount["ContainerPath"]
        for mount in container.get("MountPoints", [])
        if mount["SourceVolume"] in volumes and not mount.get("ReadOnly")
    }
    options = container.get("LogConfiguration", {}).get("Options", {})
    groups = [f"${{{name}}}" for name in stack.of_type("AWS::Logs::LogGroup")]
    if container.get("User", "0").split(":")[0] in ("0", "root"):
        yield "runs as root"
    if container.get("ReadonlyRootFilesystem") is not True:
        yield "may change its own files"
    if "/tmp" not in mounted:
        yield "has no /tmp"
    if not container.get("HealthCheck", {}).get("Command"):
        yield "is not asked how it is"
    if options.get("awslogs-group") not in groups:
        yield "logs to a group that is not of the stack"
    if container.get("PortMappings"):
        yield "listens"
    for variable in container.get("Environment", []):
        if any(word in variable["Name"] for word in SECRET_WORDS):
            yield f"{variable['Name']} is written into its definition"
    place = f":parameter/PrefectFlows/{stack.values['Environment']}/"
    for secret in container.get("Secrets", []):
        if place not in secret["ValueFrom"]:
            yield f"{secret['Name']} comes from {secret['ValueFrom']}"
