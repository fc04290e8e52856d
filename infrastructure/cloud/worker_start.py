"""Whether a worker would start: a failed start takes back the whole change of its stack."""

from deployments.declaration.platforms import Platform
from infrastructure.cloud.aws import Aws, code_of
from infrastructure.cloud.declared import SIGN_IN_PARAMETER, Declared
from infrastructure.cloud.secret_names import parameter_name
from utilities.errors import ApiRefused, ParameterInvalid, SourceNotFound

ABSENT = {"ImageNotFoundException", "RepositoryNotFoundException"}


def require_worker_can_start(aws: Aws, declared: Declared, image: str) -> None:
    """Raise when an image, or the secret that the worker's task gets by reference, is not there.

    Raises:
        ParameterInvalid: the address is none of the environment's repository of images.
        SourceNotFound: the image was not pushed, or the key was not set.
        AccessDenied, ApiUnavailable: AWS did not say.
    """
    platform = declared.platform
    require_image(aws, platform, image)
    key = declared.value(SIGN_IN_PARAMETER)
    if not key:
        return
    name = parameter_name(platform.environment, key)
    answer = aws.ask(
        "ssm",
        "describe_parameters",
        name,
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}],
    )
    if not answer["Parameters"]:
        raise SourceNotFound(
            f"{name}: the worker needs this secret, and it was never set. Run `python -m "
            f"infrastructure secrets set {key} --environment {platform.environment}` first."
        )


def require_image(aws: Aws, platform: Platform, image: str) -> None:
    """Raise when there is no such image; see `require_worker_can_start`."""
    repository = platform.image_repository or ""
    kept = image.removeprefix(repository)
    tag, digest = kept.removeprefix(":"), kept.removeprefix("@")
    if not image.startswith(repository) or kept in (tag, digest) and kept[:1] not in (":", "@"):
        raise ParameterInvalid(
            f'"{image}" is no image of this environment; expected {repository}:TAG.'
        )
    wanted = {"imageDigest": digest} if kept.startswith("@") else {"imageTag": tag}
    try:
        aws.ask(
            "ecr",
            "describe_images",
            image,
            registryId=repository.partition(".")[0],
            repositoryName=repository.partition("/")[2],
            imageIds=[wanted],
        )
    except ApiRefused as refusal:
        if code_of(refusal) not in ABSENT:
            raise
        raise SourceNotFound(
            f"{image}: there is no such image at Amazon ECR. Push it first (`docker push {image}`)"
            ", or correct the address."
        ) from None
