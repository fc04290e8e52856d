"""A local AWS account of the tests' own: other tests make stacks of the same names."""

from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.templates.declared import ENVIRONMENTS, parameters, stack_name
from tests.infrastructure.templates.reader import FOLDER, NAMES
from tests.infrastructure.templates.resolver import ACCOUNT, REGION


@dataclass(frozen=True)
class Account:
    """An account of the local AWS server."""

    session: boto3.Session
    address: str

    def client(self, service: str) -> Any:
        """A client of one service."""
        make: Any = self.session.client
        return make(service, endpoint_url=self.address)


@dataclass(frozen=True)
class Made:
    """One environment's stacks.

    Attributes:
        given: parameters of each stack, by template.
        outputs: of all of them.
    """

    environment: str
    given: dict[str, dict[str, str]]
    outputs: dict[str, str]


@pytest.fixture(scope="session")
def account(stack: Stack) -> Account:
    """An account that nobody else uses."""
    address = stack.variables["AWS_ENDPOINT_URL"]
    keys = ("test", "test")
    owner = Account(boto3.Session(*keys, region_name=REGION), address)
    role = f"arn:aws:iam::{ACCOUNT}:role/tests"
    answer = owner.client("sts").assume_role(RoleArn=role, RoleSessionName="templates")
    given = answer["Credentials"]
    session = boto3.Session(
        given["AccessKeyId"],
        given["SecretAccessKey"],
        given["SessionToken"],
        region_name=REGION,
    )
    return Account(session, address)


@pytest.fixture(scope="session")
def made(account: Account) -> dict[str, Made]:
    """The stacks of all four environments, each with what the ones before it gave."""
    cloudformation = account.client("cloudformation")
    shared: dict[str, str] = {}
    everything = {}
    for environment in ENVIRONMENTS:
        outputs = dict(shared)
        given = {}
        for template in NAMES:
            name = stack_name(template, environment)
            given[template] = parameters(template, environment, **outputs)
            if template == "container_registry" and shared:
                continue
            create(cloudformation, name, template, given[template])
            outputs |= outputs_of(cloudformation, name)
            shared = shared or dict(outputs)
        everything[environment] = Made(environment, given, outputs)
    return everything


def create(cloudformation: Any, name: str, template: str, values: dict[str, str]) -> None:
    """Make a stack."""
    cloudformation.create_stack(StackName=name, **request(template, values))


def request(template: str, values: dict[str, str]) -> dict[str, Any]:
    """What creating, updating and planning a stack have in common."""
    return {
        "TemplateBody": (FOLDER / f"{template}.yaml").read_text(),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
        ],
    }


def outputs_of(cloudformation: Any, name: str) -> dict[str, str]:
    """Outputs of a stack that was made."""
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"].endswith("_COMPLETE"), stack["StackStatus"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
