"""What an account has already: it is the right one, and it may have GitHub's provider."""

from typing import Any

import boto3
import pytest

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.found import PROVIDER, existing_provider
from tests.infrastructure.cloud.commands import Commands, Repository
from tests.infrastructure.cloud.made_platform import REGION

LABS = ("--environment", "labs")


def test_another_account_is_refused(commands: Commands, repository: Repository) -> None:
    """Signed in to the wrong account, one would make everything a second time."""
    repository.edit("environments.yaml", "123456789012", "210987654321")
    for command in ("plan", "apply"):
        ended = commands(command, *LABS)
        assert (ended.status, ended.output) == (1, "")
        assert ended.errors == (
            "ChangeRefused: environment labs: the credentials in use are of account 123456789012, "
            "image_repository in environments.yaml is in 210987654321. Use credentials of that "
            "account (AWS_PROFILE), or correct the address.\n"
        )


@pytest.fixture
def provider(aws_here: None) -> Any:
    """GitHub's provider, as somebody else has made it in this account."""
    iam: Any = boto3.client("iam", region_name=REGION)
    made = iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"]
    )
    yield made["OpenIDConnectProviderArn"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=made["OpenIDConnectProviderArn"])


def test_a_provider_that_is_there_is_used(
    provider: str, commands: Commands, cloudformation: Any, repository: Repository
) -> None:
    """An account has one; a second apply finds the same."""
    assert provider.endswith(PROVIDER)
    assert commands("apply", *LABS, "--yes").status == 0
    (stack,) = cloudformation.describe_stacks(StackName=f"{repository.project}-github-labs")[
        "Stacks"
    ]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert values["ExistingProviderArn"] == provider
    assert commands("plan", *LABS).status == 0


def test_a_stack_that_made_the_provider_keeps_it(
    aws_here: None, commands: Commands, provider: str
) -> None:
    """It finds its own provider in the account, which must not make it give the provider up."""
    made_here = made_with("")
    assert existing_provider(Aws(REGION), made_here) == ""
    assert existing_provider(Aws(REGION), made_with(provider)) == provider
    assert existing_provider(Aws(REGION), None) == provider


def made_with(value: str) -> Any:
    """Return a stack that was made with a value."""
    from infrastructure.cloud.stacks import Standing

    return Standing("id", "CREATE_COMPLETE", {"ExistingProviderArn": value}, {}, {}, False)
