"""What ECS tells of a task reaches the queue that the worker reads, and nothing else does."""

import json
from typing import Any

import pytest

from tests.infrastructure.templates.made_stacks import Account, Made

CLUSTER = "arn:aws:ecs:us-east-1:111122223333:cluster/prefect-flows-staging"
DETAIL = {
    "clusterArn": CLUSTER,
    "group": "family:prefect_ecs-staging_7b0f6c0e-3f0e-4d3c-9a59-6f0f3f1f7a11",
    "lastStatus": "STOPPED",
    "stoppedReason": "OutOfMemoryError: Container killed due to memory usage",
    "containers": [{"name": "prefect", "exitCode": 137, "lastStatus": "STOPPED"}],
}
"""As in https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html"""


@pytest.mark.parametrize(
    ("kind", "detail", "count"),
    [
        ("ECS Task State Change", {}, 1),
        ("ECS Task State Change", {"group": "service:prefect-flows-worker-staging"}, 0),
        ("ECS Task State Change", {"clusterArn": CLUSTER.replace("staging", "labs")}, 0),
        ("ECS Service Action", {}, 0),
    ],
    ids=["a run", "the worker itself", "another environment", "another kind"],
)
def test_the_worker_hears_of_its_runs(
    account: Account, made: dict[str, Made], kind: str, detail: dict[str, str], count: int
) -> None:
    """A task of a run is told of; the worker's own, and those of other clusters, are not."""
    events, sqs = account.client("events"), account.client("sqs")
    name = made["staging"].outputs["TaskEventsQueueName"]
    queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    event = {"Source": "aws.ecs", "DetailType": kind, "Detail": json.dumps({**DETAIL, **detail})}
    events.put_events(Entries=[event])
    messages: list[Any] = sqs.receive_message(QueueUrl=queue).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert [json.loads(each["Body"])["detail"]["lastStatus"] for each in messages] == (
        ["STOPPED"] * count
    )
