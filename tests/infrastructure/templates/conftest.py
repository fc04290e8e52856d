"""A local AWS account of these tests' own: other tests make stacks of the same names."""

import boto3
import pytest

from infrastructure.local.stack import Stack
from tests.infrastructure.templates.declared import ENVIRONMENTS, parameters, stack_name
from tests.infrastructure.templates.made_stacks import Account, Made, create, outputs_of
from tests.infrastructure.templates.reader import NAMES
from tests.infrastructure.templates.resolver import ACCOUNT, REGION


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
