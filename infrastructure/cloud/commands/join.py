"""`python -m infrastructure join --environment E -- COMMAND`."""

from pathlib import Path

from deployments.declaration.platforms import read_platform
from infrastructure.cloud.joining import become, prefect_variables


def join(*command: str, environment: str) -> None:
    """Run a command beside the Prefect of an environment, with its address and its key.

    The address is the one that environments.yaml declares, the key comes from SSM; both are in the
    command's environment alone. Ends with the command's status.

    Args:
        command: after two hyphens: -- python -m deployments plan --environment E
        environment: of environments.yaml.
    """
    become(command, prefect_variables(read_platform(Path.cwd(), environment)))
