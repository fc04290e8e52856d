"""What stacks give to others, asked of a real server."""

import json
from typing import Any

import pytest

from deployments.declaration.platforms import Platform
from infrastructure.cloud.outputs import read_outputs
from infrastructure.cloud.stacks import stacks_of
from tests.infrastructure.cloud.made_platform import REGION, made_platform, without_aws
from utilities.errors import ParameterInvalid, SourceNotFound


def template(output: str) -> str:
    """Return a template with one topic and one output."""
    made = {"Type": "AWS::SNS::Topic"}
    return json.dumps({"Resources": {"Made": made}, "Outputs": {output: {"Value": f"a-{output}"}}})


def make_stacks(cloudformation: Any, platform: Platform, count: int) -> None:
    """Make the first stacks of an environment."""
    for stack in stacks_of(platform)[:count]:
        cloudformation.create_stack(StackName=stack.name, TemplateBody=template(stack.template[:3]))


def test_outputs_of_all_stacks_are_one_mapping(cloudformation: Any) -> None:
    """Whoever needs an output need not know which stack has it."""
    platform = made_platform()
    make_stacks(cloudformation, platform, 4)
    assert read_outputs(platform) == {
        "con": "a-con",
        "sto": "a-sto",
        "fix": "a-fix",
        "git": "a-git",
    }


def test_a_missing_stack_is_named_with_the_command_that_makes_it(cloudformation: Any) -> None:
    """Half of the outputs would be worse than none."""
    platform = made_platform()
    make_stacks(cloudformation, platform, 2)
    with pytest.raises(SourceNotFound) as caught:
        read_outputs(platform)
    assert str(caught.value) == (
        f"{platform.project}-fixed-egress-staging: this stack does not exist in us-east-1, so its "
        "outputs are not known. Make it: `python -m infrastructure apply --environment staging`."
    )


def test_a_stack_that_was_only_planned_has_no_outputs(cloudformation: Any) -> None:
    """The first change set of a stack makes an empty one, for review."""
    platform = made_platform()
    make_stacks(cloudformation, platform, 3)
    cloudformation.create_change_set(
        StackName=stacks_of(platform)[3].name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=template("git"),
    )
    with pytest.raises(SourceNotFound, match="-github-staging: this stack is not finished"):
        read_outputs(platform)


def test_an_environment_without_aws_has_no_outputs() -> None:
    """A laptop has a process pool, and nothing at AWS."""
    platform = without_aws(made_platform(environment="local"))
    with pytest.raises(ParameterInvalid, match=r"--environment local: it has no `infrastructure`"):
        read_outputs(platform)


def test_stacks_have_the_names_that_a_person_looks_for() -> None:
    """One registry for all environments of an account; the rest once in each."""
    platform = made_platform(project="prefect-flows", environment="production")
    assert [stack.name for stack in stacks_of(platform)] == [
        "prefect-flows-container-registry",
        "prefect-flows-storage-production",
        "prefect-flows-fixed-egress-production",
        "prefect-flows-github-production",
    ]
    assert platform.region == REGION
