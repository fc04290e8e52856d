"""Every environment that environments.yaml declares, made from nothing on a real server."""

import json
from typing import Any

import pytest

from tests.infrastructure.cloud.commands import TEMPLATES, Commands, Repository

ENVIRONMENTS = ("production", "staging", "sandbox", "labs")


def states(cloudformation: Any, repository: Repository) -> list[tuple[Any, ...]]:
    """Return everything that AWS counts of a project's stacks and what was done to them."""
    return [
        (
            stack["StackName"],
            stack["StackStatus"],
            stack.get("LastUpdatedTime"),
            len(cloudformation.describe_stack_events(StackName=stack["StackId"])["StackEvents"]),
            len(cloudformation.list_change_sets(StackName=stack["StackId"])["Summaries"]),
        )
        for stack in cloudformation.describe_stacks()["Stacks"]
        if stack["StackName"].startswith(repository.project)
    ]


def test_all_environments_come_from_the_same_templates(
    commands: Commands, repository: Repository, cloudformation: Any
) -> None:
    """Each is made, and applied again without a write; those of one account share the registry."""
    for environment in ENVIRONMENTS:
        made = commands("apply", "--environment", environment, "--yes")
        assert (made.status, made.errors) == (0, "")
    done = states(cloudformation, repository)
    assert len(done) == 1 + 3 * len(ENVIRONMENTS)
    for environment in ENVIRONMENTS:
        again = commands("apply", "--environment", environment, "--yes")
        assert again.output.startswith(f"{repository.project}-container-registry: as declared\n")
        assert "Stacks: 4 as declared.\n" in again.output
    assert states(cloudformation, repository) == done


@pytest.fixture
def plan_of_nothing(commands: Commands) -> Any:
    """What is planned for an empty account, for machines."""
    ended = commands("plan", "--environment", "labs", "--json")
    assert ended.status == 2
    return json.loads(ended.output)


def test_a_plan_of_an_empty_account_names_everything(
    plan_of_nothing: Any, repository: Repository, cloudformation: Any
) -> None:
    """Stacks that wait for outputs of others are shown, too, and nothing is left at AWS."""
    assert [stack["template"] for stack in plan_of_nothing["stacks"]] == list(TEMPLATES)
    assert {stack["action"] for stack in plan_of_nothing["stacks"]} == {"create"}
    network = plan_of_nothing["stacks"][2]
    types = [change["type"] for change in network["changes"]]
    assert types.count("AWS::EC2::NatGateway") == 1
    assert types.count("AWS::EC2::EIP") == 1
    assert "AWS::ECS::Service" not in types
    assert network["protect"] is True
    assert network["notes"] == [
        f"Some of its values are known only after {repository.project}-storage-labs, "
        f"{repository.project}-container-registry."
    ]
    assert states(cloudformation, repository) == []


def test_stacks_are_tagged_and_the_one_with_addresses_is_protected(
    commands: Commands, repository: Repository, cloudformation: Any
) -> None:
    """Whoever finds one knows whose it is; nobody deletes the addresses by accident."""
    commands("apply", "--environment", "labs", "--yes")
    found = {
        stack["StackName"].removeprefix(f"{repository.project}-"): stack
        for stack in cloudformation.describe_stacks()["Stacks"]
        if stack["StackName"].startswith(repository.project)
    }
    tags = {
        name: {tag["Key"]: tag["Value"] for tag in stack["Tags"]} for name, stack in found.items()
    }
    of_labs = {"Project": repository.project, "Environment": "labs"}
    assert tags == {
        "container-registry": {"Project": repository.project},
        "storage-labs": of_labs,
        "fixed-egress-labs": of_labs,
        "github-labs": of_labs,
    }
    protected = [name for name, stack in found.items() if stack["EnableTerminationProtection"]]
    assert protected == ["fixed-egress-labs"]


def test_an_address_does_not_go_with_a_word_in_the_file(
    commands: Commands, repository: Repository, cloudformation: Any
) -> None:
    """One NAT gateway instead of two gives up an address, which has to be named; also where the
    change set does not tell of it, as that of the local server."""
    apply = ("apply", "--environment", "production", "--yes")
    assert commands(*apply).status == 0
    done = states(cloudformation, repository)
    repository.edit("environments.yaml", "NatGateways: one-per-zone", "NatGateways: one")
    refused = commands(*apply)
    assert refused.status == 1
    assert refused.errors.startswith("ChangeRefused: REMOVE EgressIpB (Elastic IP): its address ")
    given_up = ("--release-address", "EgressIpB", "--release-address", "NatGatewayB")
    assert " ".join(given_up) in refused.errors
    assert states(cloudformation, repository) == done
    assert commands(*apply, *given_up).status == 0
