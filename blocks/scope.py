"""What is known of an environment before Prefect is asked: what is declared, and what AWS has."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from blocks.objects import Hidden
from blocks.stored_secrets import missing_secrets, read_secret
from deployments.connection import LAPTOP
from deployments.declaration.platforms import Notifications, Platform, read_platform
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.outputs import read_outputs
from utilities.errors import AccessDenied, DeclarationInvalid, SettingsInvalid, SourceNotFound
from utilities.settings import Settings

RATE = "VAN_REQUESTS_PER_SECOND"

ADDRESSES = {
    "slack": (
        re.compile(r"https://hooks\.slack(-gov)?\.com/services/\w+/\w+/\w+/?"),
        "https://hooks.slack.com/services/T.../B.../...",
    ),
    "webhook": (re.compile(r"https?://[^\s{}]+"), "https://..."),
}
"""Of notifications: Prefect takes any text, and then sends no message."""


@dataclass(frozen=True)
class Scope:
    """One environment.

    Attributes:
        platform: what is declared.
        outputs: of its stacks, by name; empty where it has none.
        requests_per_second: that EveryAction grants.
        address: of the webhook that messages go to; None when nobody is told, or when it is not
            known and therefore not compared.
        notes: what a person should know, whatever else is to be done.
    """

    platform: Platform
    outputs: Mapping[str, str]
    requests_per_second: float
    address: Hidden | None
    notes: tuple[str, ...]

    @property
    def owner(self) -> str:
        """What the mark on objects tells."""
        return f"{self.platform.project}/{self.platform.environment}"

    @property
    def prefix(self) -> str:
        """Beginning of the names of objects whose name is the mark, as Prefect takes names."""
        text = f"{self.platform.project}-{self.platform.environment}".lower()
        return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def read_scope(root: Path, environment: str, *, needs_address: bool) -> Scope:
    """Read the declaration, the outputs of the stacks and which secrets there are.

    Args:
        root: of the repository.
        environment: of environments.yaml.
        needs_address: an address of a webhook that cannot be read is an error, not a note.

    Raises:
        DeclarationInvalid, ParameterInvalid: see `read_platform`.
        SourceNotFound: a stack, or the address of the webhook, is not there.
        AccessDenied, ApiUnavailable: AWS refused, or did not answer.
        SettingsInvalid: a variable cannot be used.
    """
    platform = read_platform(root, environment)
    _check(platform)
    aws = None if platform.region is None else Aws(platform.region)
    scope = Scope(
        platform=platform,
        outputs={} if aws is None else read_outputs(platform),
        requests_per_second=_requests_per_second(platform),
        address=None,
        notes=(),
    )
    notes = _notes(aws, platform)
    if platform.notifications is not None:
        try:
            scope = replace(scope, address=_address(aws, platform, platform.notifications))
        except (AccessDenied, SourceNotFound, SettingsInvalid) as error:
            if needs_address:
                raise
            notes.append(f"The address of notifications is not compared: {error}")
    return replace(scope, notes=tuple(notes))


def _check(platform: Platform) -> None:
    twice = sorted(set(platform.secrets) & set(platform.variables))
    if twice:
        raise DeclarationInvalid(
            f"environments.yaml, {platform.environment}: {', '.join(twice)} is both a secret and a "
            "variable; ECS starts no task with such a name. Remove it from `variables`."
        )
    types: dict[str, str] = {}
    for pool in platform.pools.values():
        if pool.name.lower().startswith("prefect"):
            raise DeclarationInvalid(
                f"environments.yaml, {platform.environment}: the work pool {pool.name} begins with "
                '"prefect", which Prefect keeps for itself. Give it another name.'
            )
        if types.setdefault(pool.name, pool.type) != pool.type:
            raise DeclarationInvalid(
                f"environments.yaml, {platform.environment}: the work pool {pool.name} is declared "
                f"with the types {types[pool.name]} and {pool.type}. Give each a name of its own."
            )


def _notes(aws: Aws | None, platform: Platform) -> list[str]:
    notes = []
    if not platform.automations:
        notes.append("No automations: environments.yaml switches them off here.")
    elif platform.notifications is None:
        notes.append(
            "No automations: environments.yaml names no notifications here, so nobody could be "
            "told of a run that fails."
        )
    if aws is not None and platform.secrets:
        try:
            missing = missing_secrets(aws, platform)
        except AccessDenied as error:
            notes.append(f"Nobody looked whether the secrets are there: {error}")
            missing = []
        if missing:
            notes.append(
                f"MISSING SECRETS: {', '.join(missing)}. No run starts on ECS before they are "
                f"there: `python -m infrastructure secrets set {missing[0]} --environment "
                f"{platform.environment}`."
            )
    return notes


def _requests_per_second(platform: Platform) -> float:
    """Return what the runs are told; on a laptop they inherit it."""
    field = Settings.model_fields["van_requests_per_second"]
    found = platform.variables.get(RATE)
    if found is None and platform.environment == LAPTOP:
        found = os.environ.get(RATE)
    if not found:
        return float(field.default)
    try:
        rate = float(found)
    except ValueError:
        rate = 0.0
    if rate > 0:
        return rate
    raise SettingsInvalid(f"{RATE}: found '{found}'; expected {field.description}.")


def _address(aws: Aws | None, platform: Platform, told: Notifications) -> Hidden:
    """Return the address that messages go to; what is not one is said without being shown."""
    name = told.address_from
    if aws is not None:
        found = read_secret(aws, platform, name)
    elif os.environ.get(name):
        found = Hidden(os.environ[name])
    else:
        raise SourceNotFound(
            f"{name}: the environment {platform.environment} is not at AWS, and this variable, "
            "which holds the address of its notifications, is not set. Set it."
        )
    form, example = ADDRESSES[told.type]
    if form.fullmatch(found) is None:
        raise SettingsInvalid(
            f"{name}: what is stored is not the address of a webhook of type {told.type}; expected "
            f"{example}, and nothing before or behind it. Store it again."
        )
    return found
