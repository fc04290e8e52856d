"""What an environment declares for its templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from deployments.declaration.platforms import Platform
from infrastructure.cloud.stacks import Stack, region_of
from infrastructure.cloud.templates import Template

ASKED = {
    "WorkerImage": "it is what the worker runs; give another one with --worker-image",
    "ExistingProviderArn": "the account is asked for its provider",
}
"""Parameters whose values are found at AWS, and what to say to someone who declares one."""

SIGN_IN_PARAMETER = "PrefectSecretName"
"""Parameter that names the secret with which the worker signs in at Prefect."""


@dataclass(frozen=True)
class Declared:
    """One environment's stacks with their templates, and the values that need no answer of AWS.

    Attributes:
        platform: the environment.
        account: number of the AWS account that image_repository names.
        templates: of each stack, in the order in which they are made.
        fixed: values that follow from the declaration, by name of the parameter.
    """

    platform: Platform
    account: str
    templates: Mapping[Stack, Template]
    fixed: Mapping[str, str]

    @property
    def region(self) -> str:
        """Region of all stacks."""
        return region_of(self.platform)

    def value(self, name: str) -> str:
        """Return what a parameter is declared to be, or its default; empty without either."""
        defaults = [
            each.parameters[name].default or ""
            for each in self.templates.values()
            if name in each.parameters
        ]
        return self.platform.parameters.get(name, next(iter(defaults), ""))

    def given_by_earlier(self, stack: Stack) -> dict[str, Stack]:
        """Return which parameters of a stack are outputs of stacks before it, and of which."""
        found: dict[str, Stack] = {}
        for earlier, template in self.templates.items():
            if earlier == stack:
                break
            found.update(dict.fromkeys(template.outputs - set(self.fixed), earlier))
        asked = self.templates[stack].parameters
        return {name: earlier for name, earlier in found.items() if name in asked}
