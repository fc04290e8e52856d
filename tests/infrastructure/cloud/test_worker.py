"""The worker's service is moved to another image, and nobody believes it before it runs."""

from typing import Any

import pytest

from infrastructure.cloud.worker import Worker
from tests.infrastructure.cloud.made_platform import REGION, REPOSITORY
from tests.infrastructure.cloud.made_stack import AwsWithStack
from tests.infrastructure.cloud.scripted_aws import ACCOUNT, Refusal
from tests.manual_time import ManualTime
from utilities.errors import ApiRefused, ApiUnavailable, SourceNotFound

ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/p-worker:"
OLD, NEW = f"{REPOSITORY}:old", f"{REPOSITORY}:new"
OUTPUTS = {"ClusterName": "p", "WorkerServiceName": "p-worker"}
DEFINITION = {
    "taskDefinitionArn": f"{ARN}1",
    "family": "p-worker",
    "revision": 1,
    "status": "ACTIVE",
    "registeredAt": 1.0,
    "registeredBy": "somebody",
    "requiresAttributes": [{"name": "x"}],
    "compatibilities": ["FARGATE"],
    "cpu": "256",
    "taskRoleArn": "role",
    "containerDefinitions": [
        {"name": "worker", "image": OLD, "secrets": [{"name": "KEY", "valueFrom": "k"}]}
    ],
}


def deployment(id: str, revision: int, state: str, status: str = "PRIMARY", **rest: Any) -> Any:
    """Return one deployment of a service."""
    arn = f"{ARN}{revision}"
    return {"id": id, "status": status, "taskDefinition": arn, "rolloutState": state, **rest}


def service(*deployments: Any, told: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the service as it is; the first of its deployments is the primary one."""
    return {
        "serviceName": "p-worker",
        "status": "ACTIVE",
        "taskDefinition": deployments[0]["taskDefinition"],
        "deployments": list(deployments),
        "events": [{"id": text, "message": text} for text in told][::-1],
    }


def services(*found: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of DescribeServices."""
    return {"services": list(found)}


BEFORE = service(deployment("first", 1, "COMPLETED"), told=("long ago",))
MOVING = service(
    deployment("second", 2, "IN_PROGRESS"), deployment("first", 1, "COMPLETED", "ACTIVE")
)


@pytest.fixture
def aws(aws: AwsWithStack) -> AwsWithStack:
    """A server that has a worker, and takes another revision of it."""
    aws.script(
        DescribeServices=services(BEFORE),
        DescribeTaskDefinition={"taskDefinition": DEFINITION},
        RegisterTaskDefinition={"taskDefinition": {"taskDefinitionArn": f"{ARN}2"}},
        UpdateService={"service": MOVING},
        ListTasks={"taskArns": []},
    )
    return aws


class Told(list[str]):
    """What a person was told."""


def worker(aws: AwsWithStack, time: ManualTime, told: Told) -> Worker:
    """Return the worker with a clock that never waits."""
    return Worker(aws.client, OUTPUTS, told.append, time.sleep)


def test_it_is_moved_when_the_new_deployment_is_completed(aws: AwsWithStack) -> None:
    """What the service says meanwhile is told once; what it said before is not."""
    done = service(deployment("second", 2, "COMPLETED"), told=("long ago", "started 1 task"))
    aws.script(DescribeServices=[services(each) for each in (BEFORE, MOVING, MOVING, done)])
    time, told = ManualTime(), Told()
    assert worker(aws, time, told).move(NEW) is True
    assert told == ["p-worker: p-worker:2 instead of p-worker:1", "  started 1 task"]
    assert time.slept == [5.0, 5.0]


def test_a_revision_copies_what_may_be_copied(aws: AwsWithStack) -> None:
    """Everything but the image, and but what AWS adds itself."""
    aws.script(
        DescribeServices=[services(BEFORE), services(service(deployment("second", 2, "COMPLETED")))]
    )
    worker(aws, ManualTime(), Told()).move(NEW)
    (sent,) = aws.arguments("RegisterTaskDefinition")
    assert sent == {
        "family": "p-worker",
        "cpu": "256",
        "taskRoleArn": "role",
        "containerDefinitions": [
            {"name": "worker", "image": NEW, "secrets": [{"name": "KEY", "valueFrom": "k"}]}
        ],
    }
    (updated,) = aws.arguments("UpdateService")
    assert updated == {"cluster": "p", "service": "p-worker", "taskDefinition": f"{ARN}2"}


def test_the_same_image_changes_nothing(aws: AwsWithStack) -> None:
    """No new revision, no restart."""
    assert worker(aws, ManualTime(), Told()).move(OLD) is False
    assert aws.operations == ["DescribeServices", "DescribeTaskDefinition"]


def test_a_move_that_was_left_is_waited_for(aws: AwsWithStack) -> None:
    """Stopped and started again, the command goes on where it was."""
    under_way = service(deployment("first", 1, "IN_PROGRESS"))
    aws.script(DescribeServices=[services(under_way), services(BEFORE)])
    told = Told()
    assert worker(aws, ManualTime(), told).move(OLD) is True
    assert told[0] == "p-worker is being moved to this image already; waiting for it."
    assert "UpdateService" not in aws.operations


STOPPED = {
    "tasks": [
        {
            "taskDefinitionArn": f"{ARN}2",
            "stoppedReason": "Essential container in task exited",
            "containers": [
                {"name": "worker", "exitCode": 1, "reason": "OutOfMemoryError: killed."}
            ],
        }
    ]
}
WHY = "ECS deployment circuit breaker: tasks failed to start."
ROLLED_BACK = service(
    deployment("third", 1, "COMPLETED"),
    deployment("second", 2, "FAILED", "ACTIVE", rolloutStateReason=WHY),
)


def failure(aws: AwsWithStack) -> str:
    """Return what is told when the breaker has taken the service back."""
    aws.script(DescribeServices=[services(BEFORE), services(MOVING), services(ROLLED_BACK)])
    with pytest.raises(ApiRefused) as caught:
        worker(aws, ManualTime(), Told()).move(NEW)
    return str(caught.value)


def test_a_rollback_is_a_failure_with_the_reason_of_the_task(aws: AwsWithStack) -> None:
    """The service is green again, with the old image: that is no success."""
    aws.script(ListTasks={"taskArns": ["a-task"]}, DescribeTasks=STOPPED)
    assert failure(aws) == (
        "p-worker: p-worker:2 did not start, and the service is back at p-worker:1. Its task "
        "stopped: Essential container in task exited; worker: OutOfMemoryError: killed; worker "
        "ended with 1. Mend that, then run again with an image that starts."
    )


@pytest.mark.parametrize(
    "answers",
    [
        {"ListTasks": {"taskArns": []}},
        {"ListTasks": Refusal("AccessDeniedException")},
        {"ListTasks": {"taskArns": ["a-task"]}, "DescribeTasks": {"tasks": []}},
    ],
)
def test_without_a_task_the_reason_is_that_of_the_service(
    aws: AwsWithStack, answers: dict[str, Any]
) -> None:
    """AWS forgets stopped tasks after an hour, and who may move the worker may not see tasks."""
    aws.script(**answers)
    assert f"AWS says: {WHY} Mend that" in failure(aws)


def test_a_deployment_that_was_forgotten_has_failed(aws: AwsWithStack) -> None:
    """Somebody else moved the service meanwhile, or took it back."""
    other = service(deployment("third", 3, "COMPLETED"))
    aws.script(DescribeServices=[services(BEFORE), services(other)])
    with pytest.raises(ApiRefused, match="the service is back at p-worker:3. AWS gives no reason"):
        worker(aws, ManualTime(), Told()).move(NEW)


def test_what_is_never_decided_is_given_up(aws: AwsWithStack) -> None:
    """Nothing waits for ever; what AWS has begun goes on."""
    aws.script(DescribeServices=[services(BEFORE), services(MOVING)])
    time = ManualTime()
    with pytest.raises(ApiUnavailable, match="after 30 minutes it is not decided"):
        worker(aws, time, Told()).move(NEW)
    assert sum(time.slept) == 1800.0


@pytest.mark.parametrize("found", [services(), services({**BEFORE, "status": "INACTIVE"})])
def test_a_service_that_is_gone_is_told(aws: AwsWithStack, found: dict[str, Any]) -> None:
    """A removed service is known to AWS for a while."""
    aws.script(DescribeServices=found)
    with pytest.raises(SourceNotFound, match="There is no service of a worker"):
        worker(aws, ManualTime(), Told()).move(NEW)
