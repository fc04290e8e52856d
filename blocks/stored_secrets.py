"""Secrets at AWS: which are there, and the one address that Prefect has to know."""

from blocks.objects import Hidden
from deployments.declaration.platforms import Platform
from infrastructure.cloud.aws import Aws, code_of
from infrastructure.cloud.secret_names import parameter_name
from utilities.errors import ApiRefused, SourceNotFound

NAMES_AT_ONCE = 50
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html"""


def missing_secrets(aws: Aws, platform: Platform) -> list[str]:
    """Return the declared secrets that do not exist; their values are not read.

    Raises:
        AccessDenied, ApiUnavailable: see `Aws.ask`.
    """
    names = {parameter_name(platform.environment, each): each for each in platform.secrets}
    wanted = list(names)
    for start in range(0, len(wanted), NAMES_AT_ONCE):
        some = [
            {"Key": "Name", "Option": "Equals", "Values": wanted[start : start + NAMES_AT_ONCE]}
        ]
        what = f"the secrets of {platform.environment}"
        for page in aws.pages("ssm", "describe_parameters", what, ParameterFilters=some):
            for found in page["Parameters"]:
                names.pop(found["Name"], None)
    return list(names.values())


def read_secret(aws: Aws, platform: Platform, name: str) -> Hidden:
    """Return the value of one secret.

    Raises:
        SourceNotFound: there is none of the name.
        AccessDenied, ApiUnavailable: see `Aws.ask`.
    """
    parameter = parameter_name(platform.environment, name)
    try:
        answer = aws.ask("ssm", "get_parameter", parameter, Name=parameter, WithDecryption=True)
    except ApiRefused as refusal:
        if code_of(refusal) != "ParameterNotFound":
            raise
        raise SourceNotFound(
            f"{parameter}: there is no such parameter at AWS; expected the address of the webhook "
            f"that notifications go to. Store it: `python -m infrastructure secrets set {name} "
            f"--environment {platform.environment}`."
        ) from None
    return Hidden(answer["Parameter"]["Value"])
