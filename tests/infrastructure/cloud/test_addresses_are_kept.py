"""No address that others have allowed goes by accident."""

from typing import Any

import pytest

from infrastructure.cloud.applying import Applying
from infrastructure.cloud.guard import refuse_releases, require_known
from infrastructure.cloud.plans import StackPlan
from tests.infrastructure.cloud.made_stack import (
    STACK,
    AwsWithStack,
    change,
    change_set,
    events,
    planner,
    stack,
)
from tests.manual_time import ManualTime
from utilities.errors import ChangeRefused, ParameterInvalid

EIP, NAT = "AWS::EC2::EIP", "AWS::EC2::NatGateway"
NEW = "a new address; have it allowed before runs leave by it"
LOST = "its address would be lost"
ANOTHER = "runs would leave by another address, or not at all meanwhile"


def plan(aws: AwsWithStack, time: ManualTime) -> StackPlan:
    """Return what would become of the stack."""
    made = planner(aws, time)
    return made.plan(STACK, made.standings())


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (change("A", EIP, "Remove", PolicyAction="Retain"), f"REMOVE A (Elastic IP): {LOST}"),
        (change("A", EIP, "Modify", Replacement="True"), f"REPLACE A (Elastic IP): {LOST}"),
        (
            change("A", EIP, "Modify", Replacement="Conditional"),
            f"PERHAPS REPLACE A (Elastic IP): {LOST}",
        ),
        (change("A", EIP, "Dynamic"), f"PERHAPS REPLACE A (Elastic IP): {LOST}"),
        (change("A", EIP, "Modify"), f"PERHAPS REPLACE A (Elastic IP): {LOST}"),
        (change("N", NAT, "Remove"), f"REMOVE N (NAT gateway): {ANOTHER}"),
        (change("N", NAT, "Modify", Replacement="True"), f"REPLACE N (NAT gateway): {ANOTHER}"),
    ],
)
def test_what_loses_an_address_is_refused(
    aws: AwsWithStack, told: dict[str, Any], text: str
) -> None:
    """Removed, replaced, or perhaps replaced; also when its policy would keep it unattached."""
    aws.script(DescribeChangeSet=change_set(told))
    found = plan(aws, ManualTime())
    assert [each.told() for each in found.changes] == [text]
    with pytest.raises(ChangeRefused) as caught:
        refuse_releases([found], ())
    name = told["LogicalResourceId"]
    assert str(caught.value) == (
        f"{text}, in p-fixed-egress-staging. Others have these addresses on their allow lists, so "
        "nothing was changed. To keep an address, undo what causes this in the template or in "
        "environments.yaml. To give it up, have the new one allowed first, then add "
        f"--release-address {name}."
    )
    refuse_releases([found], (name,))


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (change("A", EIP, "Add"), f"create A (Elastic IP): {NEW}"),
        (
            change(
                "R",
                "AWS::EC2::Route",
                "Modify",
                Replacement="False",
                Details=[{"Target": {"Attribute": "Properties", "Name": "NatGatewayId"}}],
            ),
            "CHANGE R (route): runs behind it leave by another address; have that one allowed "
            "before",
        ),
        (
            change(
                "A",
                EIP,
                "Modify",
                Replacement="False",
                Details=[{"Target": {"Attribute": "Tags", "RequiresRecreation": "Never"}}],
            ),
            "change A (Elastic IP): tags",
        ),
        (change("A", EIP, "Import"), "import A (Elastic IP)"),
        (
            change(
                "S",
                "AWS::ECS::Service",
                "Modify",
                Replacement="False",
                Details=[
                    {"Target": {"Attribute": "Properties", "Name": "TaskDefinition"}},
                    {"Target": {"Attribute": "Properties", "Name": "TaskDefinition"}},
                ],
            ),
            "change S (ECS service): task definition",
        ),
        (
            change("T", "AWS::ECS::TaskDefinition", "Modify", Replacement="True"),
            "replace T (task definition)",
        ),
        (
            change("B", "AWS::S3::Bucket", "Remove", PolicyAction="Retain"),
            "REMOVE B (S3 bucket): stays at AWS, outside of the stack",
        ),
        (
            change("B", "AWS::S3::Bucket", "Modify", Replacement="True"),
            "REPLACE B (S3 bucket): with the files in it",
        ),
        (
            change("R", "AWS::ECR::Repository", "Remove", PolicyAction="Delete"),
            "REMOVE R (image repository): with the images in it",
        ),
    ],
)
def test_everything_else_is_shown_in_plain_words(
    aws: AwsWithStack, told: dict[str, Any], text: str
) -> None:
    """What holds files or images is shown loudly, and nothing of it is refused."""
    aws.script(DescribeChangeSet=change_set(told))
    found = plan(aws, ManualTime())
    assert [each.told() for each in found.changes] == [text]
    refuse_releases([found], ())


def test_a_name_that_loses_nothing_is_no_permission(aws: AwsWithStack) -> None:
    """A misspelled name would give up nothing, and hide that."""
    aws.script(DescribeChangeSet=change_set(change("EgressIpA", EIP, "Remove")))
    found = [plan(aws, ManualTime())]
    require_known(found, ("EgressIpA",))
    with pytest.raises(ParameterInvalid) as caught:
        require_known(found, ("EgresIpA",))
    assert str(caught.value) == (
        '--release-address EgresIpA: nothing of that name would be lost. Did you mean "EgressIpA"? '
        "These would: EgressIpA (Elastic IP)."
    )


def test_what_shows_only_when_it_is_carried_out_is_refused_then(aws: AwsWithStack) -> None:
    """Somebody changed the stack between the question and the answer."""
    harmless = change_set(change("T", "AWS::SNS::Topic", "Add"))
    aws.script(DescribeChangeSet=[harmless, change_set(change("A", EIP, "Remove"))])
    time = ManualTime()
    made = planner(aws, time)
    shown = [made.plan(STACK, made.standings())]
    applying = Applying(made, (), print, lambda unforeseen: None, time.sleep)
    with pytest.raises(ChangeRefused, match="REMOVE A"):
        applying.carry_out(shown)
    assert "ExecuteChangeSet" not in aws.operations
    assert aws.operations.count("DeleteChangeSet") == aws.operations.count("CreateChangeSet") == 2


def test_named_it_goes(aws: AwsWithStack) -> None:
    """Naming is the way to insist."""
    aws.script(
        DescribeChangeSet=change_set(change("A", EIP, "Remove")),
        DescribeStacks=[stack(), stack(), stack("UPDATE_COMPLETE")],
        DescribeStackEvents=[events(), events(("A", EIP, "DELETE_SKIPPED", ""))],
    )
    time = ManualTime()
    made = planner(aws, time)
    shown = [made.plan(STACK, made.standings())]
    told: list[str] = []
    Applying(made, ("A",), told.append, lambda unforeseen: None, time.sleep).carry_out(shown)
    assert told == [
        "p-fixed-egress-staging: changing",
        "  A (Elastic IP) kept at AWS, outside of the stack",
        "p-fixed-egress-staging: done",
    ]
