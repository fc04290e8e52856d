"""What AWS says that an update would do: asked, shown, and left as if nobody had asked."""

import pytest

from infrastructure.cloud import telling
from infrastructure.cloud.planning import UNASKED
from infrastructure.cloud.plans import StackPlan
from tests.infrastructure.cloud.made_stack import (
    BODY,
    RENAMED_BODY,
    STACK,
    AwsWithStack,
    change,
    change_set,
    planner,
    stack,
)
from tests.infrastructure.cloud.scripted_aws import Refusal
from tests.manual_time import ManualTime
from utilities.errors import AccessDenied, ApiRefused, ApiUnavailable, ChangeRefused

TAGGED = [{"Key": "Project", "Value": "p"}, {"Key": "Environment", "Value": "staging"}]


def plan(aws: AwsWithStack, time: ManualTime, *, is_lenient: bool = False) -> StackPlan:
    """Return what would become of the stack."""
    made = planner(aws, time, is_lenient=is_lenient)
    return made.plan(STACK, made.standings())


def test_the_same_template_with_the_same_values_needs_no_change_set(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """The most common answer costs two questions, whatever line breaks AWS keeps."""
    aws.script(GetTemplate={"TemplateBody": BODY.strip().replace("\n", "\r\n")})
    assert plan(aws, time).action == "unchanged"
    assert aws.operations == ["DescribeStacks", "GetTemplate"]


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create "
        "a change set.",
        "No updates are to be performed.",
    ],
)
def test_a_change_set_without_changes_is_no_failure(
    aws: AwsWithStack, time: ManualTime, reason: str
) -> None:
    """Comments in a template change nothing; AWS calls that a failed change set."""
    aws.script(DescribeChangeSet=change_set(status="FAILED", StatusReason=reason))
    found = plan(aws, time)
    assert (found.action, found.has_work) == ("unchanged", False)
    assert aws.operations[-1] == "DeleteChangeSet"


def test_a_change_set_that_aws_cannot_make_says_why(aws: AwsWithStack, time: ManualTime) -> None:
    """A template that AWS does not take is to be mended."""
    aws.script(DescribeChangeSet=change_set(status="FAILED", StatusReason="Unresolved X."))
    with pytest.raises(ApiRefused) as caught:
        plan(aws, time)
    assert str(caught.value) == (
        "p-fixed-egress-staging: AWS cannot make a change set: Unresolved X. Mend "
        "infrastructure/fixed_egress_ecs.yaml, or the values for it in environments.yaml."
    )
    assert aws.operations[-1] == "DeleteChangeSet"


def test_a_change_set_takes_time(aws: AwsWithStack, time: ManualTime) -> None:
    """It is asked again until it is ready, and every page of it is read."""
    first = change_set(change("A", "AWS::SNS::Topic", "Add"), NextToken="more")
    second = change_set(change("B", "AWS::SNS::Topic", "Remove"))
    pending = change_set(status="CREATE_IN_PROGRESS")
    aws.script(DescribeChangeSet=[pending, pending, first, second])
    assert [each.told() for each in plan(aws, time).changes] == [
        "create A (SNS topic)",
        "remove B (SNS topic)",
    ]
    assert time.slept == [2.0, 2.0]


def test_a_change_set_that_is_never_ready_is_given_up(aws: AwsWithStack, time: ManualTime) -> None:
    """Nothing waits for ever."""
    aws.script(DescribeChangeSet=change_set(status="CREATE_PENDING"))
    with pytest.raises(ApiUnavailable, match="not ready after 10 minutes. Nothing was changed"):
        plan(aws, time)
    assert aws.operations[-1] == "DeleteChangeSet"


def test_only_outputs_may_differ(aws: AwsWithStack, time: ManualTime) -> None:
    """A change set may have no change of a resource and still do something."""
    found = plan(aws, time)
    assert (found.action, found.changes) == ("update", ())
    assert "no resource changes" in telling.told([found]).plain


def test_what_is_sent_is_the_template_with_all_values_and_tags(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """IAM roles with names need a capability of their own."""
    plan(aws, time)
    (sent,) = aws.arguments("CreateChangeSet")
    assert sent["TemplateBody"] == BODY
    assert sent["ChangeSetType"] == "UPDATE"
    assert sent["Capabilities.member.1"] == "CAPABILITY_NAMED_IAM"
    assert sent["Parameters.member.1.ParameterKey"] == "NatGateways"
    assert sent["Parameters.member.1.ParameterValue"] == "one"


def test_who_may_only_read_compares_the_templates(aws: AwsWithStack, time: ManualTime) -> None:
    """Pull requests get a role that cannot make change sets, which are a write; what AWS would
    replace is then not known, and said so."""
    aws.script(
        CreateChangeSet=Refusal("AccessDenied", status=403),
        GetTemplate={"TemplateBody": RENAMED_BODY},
    )
    found = plan(aws, time, is_lenient=True)
    assert found.notes == (UNASKED,)
    assert [each.told() for each in found.changes] == [
        "create NatGatewayA (NAT gateway)",
        "REMOVE NatGatewayOld (NAT gateway): runs would leave by another address, or not at all "
        "meanwhile",
    ]
    with pytest.raises(AccessDenied, match="may not do cloudformation:CreateChangeSet"):
        plan(aws, time)


def test_an_address_that_a_change_set_forgets_is_told(aws: AwsWithStack, time: ManualTime) -> None:
    """By the templates it goes; that is enough for a person to be asked."""
    aws.script(GetTemplate={"TemplateBody": RENAMED_BODY}, DescribeChangeSet=change_set())
    found = plan(aws, time)
    assert (found.action, [each.name for each in found.changes]) == ("update", ["NatGatewayOld"])
    assert found.changes[0].loses_address


@pytest.mark.parametrize(
    "status", ["UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"]
)
def test_two_at_once_do_not_meet(aws: AwsWithStack, time: ManualTime, status: str) -> None:
    """The second one is told to wait, before it has asked anything else."""
    aws.script(DescribeStacks=stack(status))
    with pytest.raises(ApiUnavailable) as caught:
        plan(aws, time)
    assert str(caught.value) == (
        f"p-fixed-egress-staging: another change of this stack is under way ({status}). Nothing "
        "was changed by this one. Wait until it has ended, then run again."
    )
    assert aws.operations == ["DescribeStacks"]


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("UPDATE_ROLLBACK_FAILED", "Continue update rollback"),
        ("ROLLBACK_FAILED", "remove what is left of it by hand"),
        ("DELETE_FAILED", "remove what could not be removed"),
    ],
)
def test_a_stack_that_a_person_has_to_mend_says_how(
    aws: AwsWithStack, time: ManualTime, status: str, step: str
) -> None:
    """AWS leads out of these states only by hand."""
    aws.script(DescribeStacks=stack(status))
    with pytest.raises(ChangeRefused) as caught:
        plan(aws, time)
    assert f"({status})" in str(caught.value) and step in str(caught.value)


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"])
def test_a_stack_in_which_nothing_was_made_is_made_anew(
    aws: AwsWithStack, time: ManualTime, status: str
) -> None:
    """Somebody looked at a first change set, or the first creation failed."""
    aws.script(DescribeStacks=stack(status))
    found = plan(aws, time)
    assert found.action == "create"
    assert [each.name for each in found.changes] == ["EgressIpA", "NatGatewayA"]
    assert bool(found.notes) == (status == "ROLLBACK_COMPLETE")


def test_a_stack_without_protection_gets_it(aws: AwsWithStack, time: ManualTime) -> None:
    """It has the addresses; that alone is something to do."""
    aws.script(
        DescribeStacks=stack(EnableTerminationProtection=False, Tags=TAGGED),
        GetTemplate={"TemplateBody": BODY},
    )
    found = plan(aws, time)
    assert (found.action, found.has_work) == ("unchanged", True)
    assert telling.told([found]).plain == (
        "p-fixed-egress-staging: to be kept\n  protect the stack from being deleted"
    )
