"""The services `prefect` and `database` of docker-compose.yml as processes, at ports of their own."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.infrastructure.image.made import Made
from tests.infrastructure.image.services import SERVICES, check, command
from tests.infrastructure.image.system_postgres import postgres
from tests.infrastructure.image.workers import LOOKS, free_port, is_alive

NAME = "prefect"


@contextmanager
def prefect_service(made: Made, programs: Path) -> Iterator[str]:
    """Run both with their very commands and variables; yield the address of Prefect.

    The block begins when the service's own check of its health passes.

    Args:
        made: the image.
        programs: folder of PostgreSQL's programs.
    """
    port, database = str(free_port()), free_port()
    moved = {":4200": f":{port}", ":5432": f":{database}", "/tmp/": f"{made.variables['HOME']}/"}
    environment = dict(SERVICES[NAME]["environment"])
    for old, new in moved.items():
        environment = {name: value.replace(old, new) for name, value in environment.items()}
    words = [port if word == "4200" else word for word in command(NAME, made.folder)]
    _, *options = SERVICES["database"]["command"]
    user = SERVICES["database"]["environment"]["POSTGRES_USER"]
    address = f"http://127.0.0.1:{port}"
    with postgres(programs, options, user, database):
        with made.running(NAME, words, environment) as process:
            for _ in range(LOOKS):
                if _answers(address) or not is_alive(process):
                    break
            assert process.poll() is None, made.said(NAME)
            made.run(*[word.replace(":4200", f":{port}") for word in check(NAME, made.folder)])
            yield address


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
