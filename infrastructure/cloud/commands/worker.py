"""`python -m infrastructure worker`."""

from pathlib import Path

from deployments.declaration.platforms import read_platform
from deployments.output import print_json, print_text
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.outputs import read_existing
from infrastructure.cloud.stacks import region_of, stacks_of
from infrastructure.cloud.worker import Worker
from infrastructure.cloud.worker_start import require_image
from utilities.errors import ParameterInvalid


def worker(*, environment: str, image: str | None = None, json: bool = False) -> None:
    """Move the worker to another image and wait until it runs; fails when it does not start.

    The one that ran before is then back. Runs that are under way go on. Without an image, tell the
    one that it runs. An environment whose work pools need no worker has none, and that is no
    failure.

    Args:
        environment: of environments.yaml.
        image: address with a tag or a digest.
        json: print for machines which image it runs; only without an image.
    """
    if json and image is not None:
        raise ParameterInvalid("--json tells which image the worker runs; leave --image out.")
    platform = read_platform(Path.cwd(), environment)
    aws = Aws(region_of(platform))
    if not platform.served_pools:
        _tell(f"{environment} has no worker, as environments.yaml wants it.", None, json)
        return
    if image is not None:
        require_image(aws, platform, image)
    service = Worker(aws, read_existing(aws, stacks_of(platform)), print_text)
    if image is None:
        runs = service.image()
        _tell(f"The worker of {environment} runs {runs}.", runs, json)
    elif service.move(image):
        print_text(f"The worker of {environment} runs {image}.")
    else:
        print_text(f"The worker of {environment} runs {image} already.")


def _tell(text: str, image: str | None, json: bool) -> None:
    if json:
        print_json({"image": image})
    else:
        print_text(text)
