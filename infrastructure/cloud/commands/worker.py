"""`python -m infrastructure worker`."""

from pathlib import Path

from deployments.declaration.platforms import read_platform
from deployments.output import print_text
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.outputs import read_existing
from infrastructure.cloud.stacks import region_of, stacks_of
from infrastructure.cloud.worker import Worker
from infrastructure.cloud.worker_start import require_image


def worker(*, environment: str, image: str) -> None:
    """Move the worker to another image and wait until it runs; fails when it does not start.

    The one that ran before is then back. Runs that are under way go on.

    Args:
        environment: of environments.yaml.
        image: address with a tag or a digest.
    """
    platform = read_platform(Path.cwd(), environment)
    aws = Aws(region_of(platform))
    require_image(aws, platform, image)
    outputs = read_existing(aws, stacks_of(platform))
    if Worker(aws, outputs, print_text).move(image):
        print_text(f"The worker of {environment} runs {image}.")
    else:
        print_text(f"The worker of {environment} runs {image} already.")
