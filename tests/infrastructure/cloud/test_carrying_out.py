"""What is told while AWS works, and why it failed, if it did."""

import pytest

from infrastructure.cloud.applying import Applying
from infrastructure.cloud.plans import StackPlan
from tests.infrastructure.cloud.made_stack import (
    ID,
    STACK,
    AwsWithStack,
    change,
    change_set,
    events,
    planner,
    stack,
)
from tests.infrastructure.cloud.scripted_aws import Refusal
from tests.manual_time import ManualTime
from utilities.errors import ApiRefused, ApiUnavailable, ChangeRefused

TOPIC, STACK_TYPE = "AWS::SNS::Topic", "AWS::CloudFormation::Stack"
HARMLESS = change_set(change("Alarms", TOPIC, "Add"), change("More", TOPIC, "Add"))


@pytest.fixture
def aws(aws: AwsWithStack) -> AwsWithStack:
    """A server that has one stack with an older template, and a change of it."""
    aws.script(DescribeChangeSet=HARMLESS)
    return aws


def carry_out(aws: AwsWithStack, time: ManualTime) -> list[str]:
    """Carry out what is planned; return what was told."""
    made = planner(aws, time)
    shown = [made.plan(STACK, made.standings())]
    told: list[str] = []
    try:
        Applying(made, (), told.append, lambda unforeseen: None, time.sleep).carry_out(shown)
    finally:
        told.append("end")
    return told


def test_what_happens_is_told_once_in_plain_words(aws: AwsWithStack, time: ManualTime) -> None:
    """Old events are not told again, nor that something has begun."""
    before = ("Old", TOPIC, "CREATE_COMPLETE", "")
    begun = ("Alarms", TOPIC, "CREATE_IN_PROGRESS", "")
    done = ("Alarms", TOPIC, "CREATE_COMPLETE", "")
    gone = ("Old", TOPIC, "DELETE_COMPLETE", "")
    aws.script(
        DescribeStacks=[stack(), stack(), stack("UPDATE_IN_PROGRESS"), stack("UPDATE_COMPLETE")],
        DescribeStackEvents=[
            events(before),
            events(before, begun),
            events(before, begun, done, gone),
        ],
    )
    assert carry_out(aws, time) == [
        "p-fixed-egress-staging: changing",
        "  Alarms (SNS topic) created",
        "  Old (SNS topic) removed",
        "p-fixed-egress-staging: done",
        "end",
    ]
    assert time.slept == [3.0]


def test_the_first_failure_is_the_reason(aws: AwsWithStack, time: ManualTime) -> None:
    """What AWS cancels because of it says nothing."""
    aws.script(
        DescribeStacks=[stack(), stack(), stack("UPDATE_ROLLBACK_COMPLETE")],
        DescribeStackEvents=[
            events(),
            events(
                (STACK.name, STACK_TYPE, "UPDATE_IN_PROGRESS", "User Initiated"),
                ("Alarms", TOPIC, "CREATE_IN_PROGRESS", ""),
                ("Alarms", TOPIC, "CREATE_FAILED", "The name is taken."),
                ("More", TOPIC, "CREATE_FAILED", "Resource creation cancelled"),
                (STACK.name, STACK_TYPE, "UPDATE_ROLLBACK_IN_PROGRESS", "These failed: [...]"),
                (STACK.name, STACK_TYPE, "UPDATE_ROLLBACK_COMPLETE", ""),
            ),
        ],
    )
    with pytest.raises(ApiRefused) as caught:
        carry_out(aws, time)
    assert str(caught.value) == (
        "p-fixed-egress-staging: AWS could not carry this out (UPDATE_ROLLBACK_COMPLETE). Alarms "
        "(SNS topic): The name is taken. What was there before is back. Mend that in "
        "infrastructure/fixed_egress_ecs.yaml or in environments.yaml, then run again."
    )


def test_silence_for_a_minute_says_what_aws_is_at(aws: AwsWithStack, time: ManualTime) -> None:
    """A NAT gateway takes minutes, and nobody should wonder."""
    begun = events(("NatGatewayA", "AWS::EC2::NatGateway", "CREATE_IN_PROGRESS", ""))
    aws.script(
        DescribeStacks=[
            stack(),
            stack(),
            *[stack("UPDATE_IN_PROGRESS")] * 22,
            stack("UPDATE_COMPLETE"),
        ],
        DescribeStackEvents=[events(), begun],
    )
    assert "  still at it for 1 min: NatGatewayA" in carry_out(aws, time)


@pytest.mark.parametrize(
    "refusal", [Refusal("Throttling"), Refusal("ValidationError", "does not exist")]
)
def test_a_question_that_aws_does_not_answer_is_asked_again(
    aws: AwsWithStack, time: ManualTime, refusal: Refusal
) -> None:
    """What AWS has begun goes on, whether or not it answers, or knows of it everywhere already."""
    aws.script(
        DescribeStacks=[stack(), stack(), refusal, stack("UPDATE_COMPLETE")],
        DescribeStackEvents=[events(), events()],
    )
    assert carry_out(aws, time)[-1] == "end"
    assert time.slept == [3.0]


def test_a_silent_aws_is_given_up(aws: AwsWithStack, time: ManualTime) -> None:
    """After a minute a person should know."""
    aws.script(DescribeStacks=[stack(), stack(), Refusal("Throttling")])
    with pytest.raises(ApiUnavailable, match="AWS answered Throttling"):
        carry_out(aws, time)
    assert sum(time.slept) == 57.0


def test_somebody_who_was_faster_is_named_as_the_reason(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """AWS's own words would be that the change set is gone."""
    aws.script(
        DescribeStacks=[stack(), stack(), stack("UPDATE_IN_PROGRESS")],
        ExecuteChangeSet=Refusal("InvalidChangeSetStatus"),
    )
    with pytest.raises(ApiUnavailable, match="another change of this stack is under way"):
        carry_out(aws, time)


def test_somebody_who_made_the_stack_first_is_the_reason(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """Two first applies at once: one makes it, the other waits."""
    absent = Refusal("ValidationError", "does not exist")
    aws.script(
        DescribeStacks=[absent, absent, stack("CREATE_IN_PROGRESS")],
        CreateStack=Refusal("AlreadyExistsException"),
    )
    with pytest.raises(ApiUnavailable, match=r"is under way \(CREATE_IN_PROGRESS\)"):
        carry_out(aws, time)


def test_a_refusal_by_aws_is_told(aws: AwsWithStack, time: ManualTime) -> None:
    """When nobody was faster, AWS's reason is what counts."""
    aws.script(ExecuteChangeSet=Refusal("InsufficientCapabilitiesException", "Requires X."))
    with pytest.raises(ApiRefused) as caught:
        carry_out(aws, time)
    assert str(caught.value) == (
        "p-fixed-egress-staging: AWS refused cloudformation:ExecuteChangeSet "
        "(InsufficientCapabilitiesException): Requires X."
    )


def test_an_update_that_is_rolled_back_keeps_nothing_new(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """A new address on nobody's list would be paid for and be in the way of the next try."""
    aws.script(DescribeStacks=[stack(), stack(), stack("UPDATE_COMPLETE")])
    carry_out(aws, time)
    (sent,) = aws.arguments("ExecuteChangeSet")
    assert sent["RetainExceptOnCreate"] == "true"
    assert sent["ClientRequestToken"].startswith("apply-")
    assert aws.operations.count("DeleteChangeSet") == 1


def test_what_was_not_shown_is_asked_for(aws: AwsWithStack, time: ManualTime) -> None:
    """An earlier stack has given something new, or somebody changed this one meanwhile."""
    other = change_set(change("Surprise", TOPIC, "Remove"))
    aws.script(DescribeChangeSet=[HARMLESS, other], DescribeStacks=stack())
    made = planner(aws, time)
    shown = [made.plan(STACK, made.standings())]
    asked: list[str] = []

    def refuse(unforeseen: StackPlan) -> None:
        asked.extend(each.told() for each in unforeseen.changes)
        raise ChangeRefused("The answer was not yes.")

    with pytest.raises(ChangeRefused, match="The answer was not yes."):
        Applying(made, (), print, refuse, time.sleep).carry_out(shown)
    assert asked == ["remove Surprise (SNS topic)"]
    assert "ExecuteChangeSet" not in aws.operations


def test_after_a_failed_creation_the_rest_is_removed_first(
    aws: AwsWithStack, time: ManualTime
) -> None:
    """AWS lets such a stack only be deleted; the next one is protected from its first moment."""
    failed = stack("ROLLBACK_COMPLETE")
    gone = stack("DELETE_COMPLETE")
    aws.script(
        DescribeStacks=[failed, failed, gone, stack()],
        CreateStack={"StackId": ID},
    )
    assert carry_out(aws, time) == [
        "p-fixed-egress-staging: creating",
        "  removing what is left of the first creation",
        "p-fixed-egress-staging: done",
        "end",
    ]
    changing = [name for name in aws.operations if not name.startswith(("Describe", "Get", "List"))]
    assert changing == ["UpdateTerminationProtection", "DeleteStack", "CreateStack"]
    (sent,) = aws.arguments("CreateStack")
    assert sent["EnableTerminationProtection"] == sent["RetainExceptOnCreate"] == "true"


def test_a_creation_that_fails_says_why(aws: AwsWithStack, time: ManualTime) -> None:
    """Nothing of it is left, so the next try starts clean."""
    aws.script(
        DescribeStacks=[
            Refusal("ValidationError", "does not exist"),
            Refusal("ValidationError", "does not exist"),
            stack("ROLLBACK_COMPLETE"),
        ],
        CreateStack={"StackId": ID},
        DescribeStackEvents=events(("Alarms", TOPIC, "CREATE_FAILED", "No permission.")),
    )
    with pytest.raises(ApiRefused) as caught:
        carry_out(aws, time)
    assert "Alarms (SNS topic): No permission. Everything that was made of it was removed" in str(
        caught.value
    )
