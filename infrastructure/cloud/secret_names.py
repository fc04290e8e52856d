"""Where the secrets of an environment lie: parameters of SSM, never their values."""

from deployments.declaration.platforms import Platform
from infrastructure.cloud.stacks import region_of

ROOT = "/PrefectFlows"
"""The roles of the stacks may read below it alone."""


def folder_name(environment: str) -> str:
    """Return the path below which all secrets of an environment are."""
    return f"{ROOT}/{environment}"


def parameter_name(environment: str, name: str) -> str:
    """Return the name of the parameter that holds a secret."""
    return f"{folder_name(environment)}/{name}"


def parameter_arn(platform: Platform, account: str, name: str) -> str:
    """Return the ARN of the parameter that holds a secret.

    Args:
        platform: of the environment.
        account: number of the AWS account.
        name: of the secret, as environments.yaml declares it.

    Raises:
        ParameterInvalid: the environment is not at AWS.
    """
    # Only now: the names alone need nothing of AWS.
    from boto3 import Session

    region = region_of(platform)
    partition = Session().get_partition_for_region(region)
    path = parameter_name(platform.environment, name)
    return f"arn:{partition}:ssm:{region}:{account}:parameter{path}"
