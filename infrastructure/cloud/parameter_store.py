"""The secrets of an environment: parameters of SSM, encrypted, whose values are never read here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deployments.declaration.platforms import Platform
from deployments.declaration.problems import suggestion
from infrastructure.cloud.aws import Aws, code_of
from infrastructure.cloud.secret_names import folder_name, parameter_name
from utilities.errors import ApiRefused, ParameterInvalid, SourceNotFound

LARGEST_BYTES = 4096
"""Of a parameter of the standard tier, which costs nothing:
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"""

ENCRYPTED = "SecureString"


@dataclass(frozen=True)
class Secret:
    """What may be known of a secret.

    Attributes:
        name: as environments.yaml declares it.
        is_declared: whether it does.
        version: that AWS counts; 0 when it was never set.
        at: when it was set, in UTC; None when it was not.
        by: who did, as AWS names them.
        is_encrypted: whether it lies encrypted.
    """

    name: str
    is_declared: bool
    version: int = 0
    at: datetime | None = None
    by: str = ""
    is_encrypted: bool = True


def declared_names(platform: Platform) -> tuple[str, ...]:
    """Return the secrets that an environment declares, the address of its messages among them."""
    told = platform.notifications
    return tuple(dict.fromkeys([*platform.secrets, *([told.address_from] if told else [])]))


def require_declared(platform: Platform, name: str) -> None:
    """Raise ParameterInvalid when an environment declares no such secret."""
    names = declared_names(platform)
    if name not in names:
        raise ParameterInvalid(
            f"{name}: {platform.environment} declares no such secret in environments.yaml."
            f"{suggestion(name, names, 'It declares')} No run would get it; add it to `secrets` "
            "there first."
        )


def read_secrets(aws: Aws, platform: Platform) -> list[Secret]:
    """Return all secrets of an environment, declared ones first. Raises as `Aws.ask`."""
    names = declared_names(platform)
    found = {each.name: each for each in _existing(aws, platform, names)}
    declared = [found.get(name, Secret(name, True)) for name in names]
    return declared + [each for name, each in sorted(found.items()) if not each.is_declared]


def _existing(aws: Aws, platform: Platform, names: tuple[str, ...]) -> Iterator[Secret]:
    folder = folder_name(platform.environment)
    filters = [{"Key": "Path", "Option": "Recursive", "Values": [folder]}]
    for page in aws.pages("ssm", "describe_parameters", folder, ParameterFilters=filters):
        for each in page["Parameters"]:
            name = each["Name"].removeprefix(f"{folder}/")
            yield Secret(
                name=name,
                is_declared=name in names,
                version=each["Version"],
                at=each["LastModifiedDate"],
                by=_short(each.get("LastModifiedUser", "")),
                is_encrypted=each["Type"] == ENCRYPTED,
            )


def _short(arn: str) -> str:
    """Return `Admin/jane` of arn:aws:sts::123456789012:assumed-role/Admin/jane."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    return name or kind


def write_secret(aws: Aws, platform: Platform, name: str, value: str) -> int:
    """Set a secret; return the number of its version.

    Raises:
        ParameterInvalid: it is not declared, empty or too long.
        ApiRefused, AccessDenied, ApiUnavailable: AWS did not take it.
    """
    require_declared(platform, name)
    size = len(value.encode())
    if not value.strip():
        raise ParameterInvalid(f"{name}: the value is empty. Nothing was changed.")
    if size > LARGEST_BYTES:
        raise ParameterInvalid(
            f"{name}: the value has {size:,} bytes; a parameter holds {LARGEST_BYTES:,}. Nothing "
            "was changed."
        )
    parameter = parameter_name(platform.environment, name)
    try:
        answer = aws.ask(
            "ssm",
            "put_parameter",
            parameter,
            Name=parameter,
            Value=value,
            Type=ENCRYPTED,
            Overwrite=True,
        )
    except ApiRefused as refusal:
        code = code_of(refusal)
        # AWS's own words may repeat what was sent.
        raise ApiRefused(
            f"{parameter}: AWS did not take the value ({code}). Nothing was changed.",
            status=refusal.status,
            reasons=((code, ""),),
        ) from None
    version: int = answer["Version"]
    return version


def delete_secret(aws: Aws, platform: Platform, name: str) -> None:
    """Remove a secret, declared or not; raises SourceNotFound when there is none."""
    parameter = parameter_name(platform.environment, name)
    try:
        aws.ask("ssm", "delete_parameter", parameter, Name=parameter)
    except ApiRefused as refusal:
        if code_of(refusal) != "ParameterNotFound":
            raise
        raise SourceNotFound(
            f"{parameter}: there is no such secret. `python -m infrastructure secrets list "
            f"--environment {platform.environment}` shows those that exist."
        ) from None
