"""A command beside the Prefect of an environment: its address as declared, its key from SSM.

So that neither a pipeline nor a laptop keeps the key: who may take the role may read it, for as long
as the command runs.
"""

import os
from collections.abc import Mapping, Sequence
from typing import NoReturn

from deployments.declaration.platforms import Platform
from infrastructure.cloud.aws import Aws, code_of
from infrastructure.cloud.secret_names import parameter_name
from infrastructure.cloud.stacks import region_of
from utilities.errors import ApiRefused, DeclarationInvalid, ParameterInvalid, SourceNotFound

URL, KEY = "PREFECT_API_URL", "PREFECT_API_KEY"
URL_PARAMETER = "PrefectApiUrl"
MISSING = "ParameterNotFound"
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html"""


def prefect_variables(platform: Platform) -> dict[str, str]:
    """Return the variables by which a program reaches the Prefect of an environment.

    The key is among them where `secrets` of the environment names it; a server of one's own may
    want none.

    Raises:
        ParameterInvalid: the environment is not at AWS.
        DeclarationInvalid: it does not say where Prefect is.
        SourceNotFound: nobody has put the key into SSM.
        AccessDenied, ApiUnavailable: see `Aws.ask`.
    """
    region = region_of(platform)
    url = platform.parameters.get(URL_PARAMETER)
    if url is None:
        raise DeclarationInvalid(
            f"environments.yaml: {platform.environment} does not say where Prefect is. Give it "
            f"infrastructure.parameters.{URL_PARAMETER}."
        )
    if KEY not in platform.secrets:
        return {URL: url}
    return {URL: url, KEY: _read_key(Aws(region), platform.environment)}


def become(command: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
    """Turn this process into a command that has these variables too.

    Raises:
        ParameterInvalid: there is no command, or it cannot be run.
    """
    if not command:
        raise ParameterInvalid(
            "Say what to run, after two hyphens: join --environment E -- COMMAND."
        )
    try:
        os.execvpe(command[0], list(command), {**os.environ, **variables})
    except OSError as error:
        raise ParameterInvalid(f"{command[0]} cannot be run: {error.strerror}.") from None


def _read_key(aws: Aws, environment: str) -> str:
    name = parameter_name(environment, KEY)
    try:
        answer = aws.ask("ssm", "get_parameter", name, Name=name, WithDecryption=True)
    except ApiRefused as refusal:
        if code_of(refusal) != MISSING:
            raise
        raise SourceNotFound(
            f"{name}: SSM has no such parameter in {aws.region}, so there is no key for Prefect. Put "
            f"it there: `python -m infrastructure secrets set {KEY} --environment {environment}`."
        ) from None
    key: str = answer["Parameter"]["Value"]
    return key
