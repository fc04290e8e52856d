"""Four environments, and other projects, live in one account."""

import re
from collections.abc import Iterator
from typing import Any

from tests.infrastructure.templates.resolver import Resolved

NAMED = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
}
"""What has a name that is unique in its account, and the property that gives it."""

_PLACE = re.compile(r"\b(?:us|eu|ap|ca|sa|af|me|il|mx)-[a-z]+-\d[a-f]?\b|\b\d{12}\b|arn:aws:")


def belonging(stack: Resolved) -> list[str]:
    """What has a name in its account carries project and environment in it."""
    parts = (stack.values["Project"], stack.values.get("Environment", ""))
    found = []
    for name, resource in stack.resources.items():
        if resource["Type"] in NAMED:
            given = resource["Properties"].get(NAMED[resource["Type"]], "")
            if not all(part in given for part in parts):
                found.append(f"{name} is called {given!r}")
    return found


def places(template: Any) -> list[str]:
    """A template, not resolved, names no region, zone, account or partition of AWS."""
    made = {key: template[key] for key in ("Resources", "Outputs")}
    return [
        f"{found} is written in {text!r}" for text in _texts(made) for found in _PLACE.findall(text)
    ]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, str):
        yield part
