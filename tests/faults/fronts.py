"""A second way into a stack's warehouse, whose COPY reaches S3 through an address of our choice."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from infrastructure.local.folder import REPOSITORY, Folder
from infrastructure.local.stack import Stack
from utilities.settings import Settings


@contextmanager
def second_front(stack: Stack, settings: Settings, endpoint: str) -> Iterator[Settings]:
    """Run another front before the same PostgreSQL; yield settings that lead through it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "infrastructure.local.redshift", "--port", str(port)),
            *("--socket-dir", str(Folder(stack.root).sockets)),
            *("--database", settings.redshift_db),
        ],
        cwd=REPOSITORY,
        env={
            **os.environ,
            **stack.variables,
            "AWS_ENDPOINT_URL": endpoint,
            "FRONT_USERNAME": settings.redshift_username,
            "FRONT_PASSWORD": settings.redshift_password.get_secret_value(),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert any("listening" in line for line in process.stderr), "the front did not start"
        yield settings.model_copy(update={"redshift_port": port})
    finally:
        process.terminate()
        process.communicate()
