"""Somebody hears of what goes wrong."""

from typing import Any

from tests.infrastructure.templates.resolver import Resolved

NAT_METRICS = ("ErrorPortAllocation", "PacketsDropCount")
Measured = tuple[str, str, frozenset[tuple[str, str]]]


def watched(stack: Resolved) -> list[str]:
    """Every NAT gateway, the worker and what it reads from are watched."""
    measured = {_measured(alarm) for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()}
    expected: set[Measured] = {
        ("AWS/NATGateway", metric, frozenset({("NatGatewayId", f"${{{gateway}}}")}))
        for gateway in stack.of_type("AWS::EC2::NatGateway")
        for metric in NAT_METRICS
    }
    for name in stack.of_type("AWS::ECS::Service"):
        of_worker = {("ClusterName", "${Cluster}"), ("ServiceName", f"${{{name}.Name}}")}
        expected.add(("ECS/ContainerInsights", "RunningTaskCount", frozenset(of_worker)))
        of_queue = {("QueueName", "${TaskEvents.QueueName}")}
        expected.add(("AWS/SQS", "ApproximateAgeOfOldestMessage", frozenset(of_queue)))
    wrong = sorted(measured ^ expected, key=str)
    return [f"{space} {metric} of {sorted(of)} is not watched" for space, metric, of in wrong]


def told(stack: Resolved) -> list[str]:
    """Each alarm goes to the topic, also when it is over; a worker that counts nothing is one."""
    found = []
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        for actions in ("AlarmActions", "OKActions"):
            if alarm.get(actions) != ["${AlarmTopic}"]:
                found.append(f"{name}: {actions} tell {alarm.get(actions, 'nobody')}")
        silent = alarm.get("TreatMissingData")
        expected = "breaching" if alarm["MetricName"] == "RunningTaskCount" else "notBreaching"
        if silent != expected:
            found.append(f"{name}: no data is {silent}")
    mail = [each["Endpoint"] for each in stack.of_type("AWS::SNS::Subscription").values()]
    if mail != [address for address in [stack.values["AlarmEmail"]] if address]:
        found.append(f"the topic tells {mail}")
    return found


def counted(stack: Resolved) -> list[str]:
    """The cluster counts what the alarm on the worker looks at."""
    wanted = {"Name": "containerInsights", "Value": "enabled"}
    return [
        f"{name} counts nothing"
        for name, cluster in stack.of_type("AWS::ECS::Cluster").items()
        if wanted not in cluster.get("ClusterSettings", [])
    ]


def _measured(alarm: dict[str, Any]) -> Measured:
    of = frozenset((each["Name"], each["Value"]) for each in alarm["Dimensions"])
    return alarm["Namespace"], alarm["MetricName"], of
