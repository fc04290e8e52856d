"""The worker starts from the image: with the command of the service, as the image's user."""

from infrastructure.local.stack import Stack
from tests.infrastructure.image.made import Made
from tests.infrastructure.image.workers import LIMIT_SECONDS, free_port, wait_for_worker


def test_the_ecs_worker_starts_and_ends_as_it_is_told(made: Made, server: Stack) -> None:
    """`prefect worker start --type ecs` needs no installation, polls, tells of its health, and ends.

    ECS sends SIGTERM first:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    port = free_port()
    command = "prefect worker start --pool of-the-image --type ecs --install-policy never"
    variables = {**server.variables, "PREFECT_WORKER_WEBSERVER_PORT": str(port)}
    with made.running(*command.split(), "--with-healthcheck", **variables) as process:
        wait_for_worker(process, server, "of-the-image", port, made.folder / "said")
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0, (made.folder / "said").read_text()
