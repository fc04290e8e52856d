"""The worker's service moved to another image, and watched until it runs, or until it does not.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.found import read_definition, read_service
from utilities.errors import AccessDenied, ApiRefused, ApiUnavailable, SourceNotFound

POLL_SECONDS = 5.0
MOST_POLLS = 360
COMPLETED, FAILED = "COMPLETED", "FAILED"


@dataclass
class Worker:
    """The service of one environment.

    Attributes:
        aws: of the region.
        outputs: of the stack that has it: ClusterName, WorkerServiceName.
        tell: gets a line for a person.
        pause: waits for some seconds.
    """

    aws: Aws
    outputs: Mapping[str, str]
    tell: Callable[[str], None]
    pause: Callable[[float], None] = time.sleep
    _told: set[str] = field(default_factory=set)

    def image(self) -> str:
        """Return the image that the service starts; raises SourceNotFound without a service."""
        definition = read_definition(self.aws, self._service()["taskDefinition"])
        found: str = definition["containerDefinitions"][0]["image"]
        return found

    def move(self, image: str) -> bool:
        """Have the service start an image, and wait until it does; False: it does already.

        Raises:
            SourceNotFound: there is no service.
            ApiRefused: the image did not start; what ran before runs again.
            ApiUnavailable: it is not decided after half an hour.
        """
        service = self._service()
        definition = read_definition(self.aws, service["taskDefinition"])
        current = definition["containerDefinitions"][0]["image"]
        self._told = {event["id"] for event in service.get("events", ())}
        deployment = _primary(service)
        if current == image:
            if deployment["rolloutState"] == COMPLETED:
                return False
            self.tell(f"{self._name} is being moved to this image already; waiting for it.")
            self._wait(deployment["id"], service["taskDefinition"])
            return True
        arn = self._register(definition, image)
        updated = self.aws.ask(
            "ecs",
            "update_service",
            self._name,
            cluster=self._cluster,
            service=self._name,
            taskDefinition=arn,
        )["service"]
        self.tell(f"{self._name}: {arn.rpartition('/')[2]} instead of {_short(service)}")
        self._wait(_primary(updated)["id"], arn)
        return True

    @property
    def _name(self) -> str:
        return self.outputs.get("WorkerServiceName", "")

    @property
    def _cluster(self) -> str:
        return self.outputs["ClusterName"]

    def _service(self) -> Any:
        service = read_service(self.aws, self.outputs)
        if service is None:
            raise SourceNotFound(
                "There is no service of a worker. Make it: `python -m infrastructure apply "
                "--worker-image ADDRESS` for the same environment."
            )
        return service

    def _register(self, definition: Mapping[str, Any], image: str) -> str:
        """Return the ARN of a new revision: the same as before, with another image."""
        accepted = self.aws.accepted("ecs", "RegisterTaskDefinition")
        copied = {key: value for key, value in definition.items() if key in accepted}
        first, *others = copied["containerDefinitions"]
        copied["containerDefinitions"] = [{**first, "image": image}, *others]
        answer = self.aws.ask("ecs", "register_task_definition", self._name, **copied)
        arn: str = answer["taskDefinition"]["taskDefinitionArn"]
        return arn

    def _wait(self, id: str, arn: str) -> None:
        """Wait for a deployment of a revision."""
        for _ in range(MOST_POLLS):
            service = self._service()
            self._tell_events(service)
            deployments = {each["id"]: each for each in service["deployments"]}
            # One that AWS has given up, and forgotten, has failed, too.
            deployment = deployments.get(id, {"rolloutState": FAILED})
            state = deployment["rolloutState"]
            if state == COMPLETED:
                return
            if state == FAILED:
                raise ApiRefused(
                    f"{self._name}: {arn.rpartition('/')[2]} did not start, and the service "
                    f"{_outcome(service, arn)}. {self._reason(deployment, arn)} Mend that, then run "
                    "again with an image that starts.",
                    reasons=((FAILED, ""),),
                )
            self.pause(POLL_SECONDS)
        raise ApiUnavailable(
            f"{self._name}: after {MOST_POLLS * POLL_SECONDS / 60:.0f} minutes it is not decided "
            "whether the worker starts. AWS goes on; run the same command again to see."
        )

    def _tell_events(self, service: Mapping[str, Any]) -> None:
        for event in reversed(service.get("events", ())):
            if event["id"] not in self._told:
                self._told.add(event["id"])
                self.tell(f"  {event['message']}")

    def _reason(self, deployment: Mapping[str, Any], arn: str) -> str:
        try:
            stopped = self._stopped(arn)
        except AccessDenied:
            # Whoever may move the worker need not be able to look at tasks.
            stopped = ""
        if stopped:
            return stopped
        told = deployment.get("rolloutStateReason")
        return f"AWS says: {told}" if told else "AWS gives no reason; the worker's log group may."

    def _stopped(self, arn: str) -> str:
        """Return why a task of a revision stopped; empty when AWS no longer knows."""
        family = arn.rpartition("/")[2].partition(":")[0]
        listed = self.aws.ask(
            "ecs",
            "list_tasks",
            self._name,
            cluster=self._cluster,
            family=family,
            desiredStatus="STOPPED",
        )["taskArns"]
        if not listed:
            return ""
        answer = self.aws.ask(
            "ecs", "describe_tasks", self._name, cluster=self._cluster, tasks=listed
        )
        for task in answer["tasks"]:
            if task["taskDefinitionArn"] == arn and task.get("stoppedReason"):
                return f"Its task stopped: {'; '.join(_reasons(task))}."
        return ""


def _primary(service: Mapping[str, Any]) -> Any:
    """Return the deployment that a service is on its way to, or has arrived at."""
    return next(each for each in service["deployments"] if each["status"] == "PRIMARY")


def _reasons(task: Mapping[str, Any]) -> list[str]:
    found = [task["stoppedReason"].rstrip(".")]
    for container in task.get("containers", ()):
        if container.get("reason"):
            found.append(f"{container['name']}: {container['reason'].rstrip('.')}")
        if container.get("exitCode"):
            found.append(f"{container['name']} ended with {container['exitCode']}")
    return found


def _outcome(service: Mapping[str, Any], arn: str) -> str:
    if service["taskDefinition"] == arn:
        return "has no worker"
    return f"is back at {_short(service)}"


def _short(service: Mapping[str, Any]) -> str:
    name: str = service["taskDefinition"].rpartition("/")[2]
    return name
