"""What only AWS knows: whose account it is, GitHub's provider there, what the worker runs."""

from collections.abc import Mapping
from typing import Any

from infrastructure.cloud.aws import Aws
from infrastructure.cloud.declared import Declared
from infrastructure.cloud.stacks import Standing
from utilities.errors import ChangeRefused

PROVIDER = "oidc-provider/token.actions.githubusercontent.com"


def require_account(aws: Aws, declared: Declared) -> None:
    """Raise when the credentials are those of another account than the one declared.

    Raises:
        ChangeRefused: they are.
        AccessDenied, ApiUnavailable: AWS did not say.
    """
    what = f"environment {declared.platform.environment}"
    account = aws.ask("sts", "get_caller_identity", what)["Account"]
    if account != declared.account:
        raise ChangeRefused(
            f"environment {declared.platform.environment}: the credentials in use are of account "
            f"{account}, image_repository in environments.yaml is in {declared.account}. Use "
            "credentials of that account (AWS_PROFILE), or correct the address."
        )


def existing_provider(aws: Aws, standing: Standing | None) -> str:
    """Return the ARN of the provider for GitHub Actions that an account has already, or nothing.

    An account has one. A stack that made it, was made with nothing, and gets nothing again.

    Args:
        aws: of the account.
        standing: of the stack that needs it; None when it is to be made.
    """
    if standing is not None:
        return standing.parameters.get("ExistingProviderArn", "")
    answer = aws.ask("iam", "list_open_id_connect_providers", "providers for GitHub Actions")
    arns: list[str] = [each["Arn"] for each in answer["OpenIDConnectProviderList"]]
    return next((arn for arn in arns if arn.endswith(f":{PROVIDER}")), "")


def running_image(aws: Aws, outputs: Mapping[str, str]) -> str | None:
    """Return the image that the worker's service starts; None when there is no such service.

    Args:
        aws: of the region.
        outputs: of the stack with the service: ClusterName, WorkerServiceName.
    """
    service = read_service(aws, outputs)
    if service is None:
        return None
    definition = read_definition(aws, service["taskDefinition"])
    image: str = definition["containerDefinitions"][0]["image"]
    return image


def read_service(aws: Aws, outputs: Mapping[str, str]) -> Any | None:
    """Return the worker's service; None when there is none, or no longer."""
    cluster, name = outputs.get("ClusterName", ""), outputs.get("WorkerServiceName", "")
    if not cluster or not name:
        return None
    answer = aws.ask("ecs", "describe_services", name, cluster=cluster, services=[name])
    return next((each for each in answer["services"] if each["status"] == "ACTIVE"), None)


def read_definition(aws: Aws, arn: str) -> Any:
    """Return a task definition."""
    name = arn.rpartition("/")[2]
    return aws.ask("ecs", "describe_task_definition", name, taskDefinition=arn)["taskDefinition"]
