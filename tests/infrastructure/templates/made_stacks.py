"""Stacks on the local AWS server: how they are made, and what is remembered of them."""

from dataclasses import dataclass
from typing import Any

import boto3

from tests.infrastructure.templates.reader import FOLDER


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
