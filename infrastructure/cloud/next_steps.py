"""What a person does next, where the stacks alone do not run flows yet."""

from collections.abc import Iterator, Mapping

from deployments.declaration.platforms import Platform
from infrastructure.cloud.parameter_store import declared_names


def next_steps(platform: Platform, outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines that lead from an empty repository of images to a worker.

    Args:
        platform: of the environment.
        outputs: of its stacks, as far as they are made.
    """
    if not platform.served_pools or outputs.get("WorkerServiceName"):
        return
    environment = platform.environment
    repository = platform.image_repository or ""
    registry = repository.partition("/")[0]
    yield ""
    yield "There is no worker yet: it needs an image, and its key. Next, as far as it is not done:"
    for command in (
        *_secrets(platform),
        "TAG=$(git rev-parse HEAD)",
        f"aws ecr get-login-password --region {platform.region} | docker login --username AWS "
        f"--password-stdin {registry}",
        f"docker build --platform linux/amd64 --tag {repository}:$TAG .",
        f"docker push {repository}:$TAG",
        f"python -m infrastructure apply --environment {environment} "
        f"--worker-image {repository}:$TAG",
    ):
        yield f"  {command}"


def _secrets(platform: Platform) -> Iterator[str]:
    for name in declared_names(platform):
        yield f"python -m infrastructure secrets set {name} --environment {platform.environment}"
