"""Somebody hears when runs cannot start or cannot get out."""

import pytest

from tests.infrastructure.templates.declared import VARIANTS, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken, Rule
from tests.infrastructure.templates.rules import alarms

RULES = (alarms.watched, alarms.told, alarms.counted)

BROKEN = (
    Broken(alarms.watched, ("WorkerNotRunning",), "RunningTaskCount of"),
    Broken(alarms.watched, ("NatPortsExhaustedB",), "ErrorPortAllocation of"),
    Broken(
        alarms.watched,
        ("NatDropsPacketsB", "Properties", "Dimensions", 0, "Value"),
        "PacketsDropCount of [('NatGatewayId', '${NatGatewayB}')] is not watched",
        to={"Ref": "NatGatewayA"},
    ),
    Broken(alarms.watched, ("TaskEventsUnread",), "ApproximateAgeOfOldestMessage of"),
    Broken(
        alarms.told,
        ("NatPortsExhaustedA", "Properties", "AlarmActions"),
        "NatPortsExhaustedA: AlarmActions tell nobody",
    ),
    Broken(
        alarms.told,
        ("WorkerNotRunning", "Properties", "TreatMissingData"),
        "WorkerNotRunning: no data is missing",
        to="missing",
    ),
    Broken(
        alarms.told,
        ("AlarmMail", "Condition"),
        "the topic tells ['']",
    ),
    Broken(alarms.counted, ("Cluster", "Properties", "ClusterSettings"), "Cluster counts nothing"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
def test_the_alarms_keep_to_the_rule(name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(NETWORK, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_an_alarm_that_is_missing(broken: Broken) -> None:
    """What would go wrong unheard is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)
