"""Plain clients of a stack, its processes, and waiting on a condition with a bound."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psutil
import psycopg2

from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack
from infrastructure.local.state import State, read_state

BOUND_SECONDS = 60.0
PAUSE_SECONDS = 0.05


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; an exception of it counts as not yet.

    Raises:
        AssertionError: it did not hold within the bound.
    """
    deadline = time.monotonic() + BOUND_SECONDS
    last: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except Exception as error:
            last = error
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"not within {BOUND_SECONDS:g} seconds: {what}") from last


@contextmanager
def warehouse(stack: Stack) -> Iterator[Any]:
    """A psycopg2 connection in autocommit mode."""
    connection = psycopg2.connect(**stack.warehouse, connect_timeout=5)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def ask(stack: Stack, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement over a connection of its own."""
    with warehouse(stack) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def storage(variables: dict[str, str], access_key: str = "test") -> Iterator[Any]:
    """A boto3 client of the stack's S3."""
    client = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=access_key,
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_DEFAULT_REGION"],
    )
    try:
        yield client
    finally:
        client.close()


def state_of(stack: Stack) -> State:
    """What the supervisor has written down."""
    state = read_state(Folder(stack.root))
    assert state is not None
    return state


def processes_of(stack: Stack) -> list[psutil.Process]:
    """The supervisor and everything below it."""
    supervisor = psutil.Process(state_of(stack).supervisor.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def command(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run `python -m infrastructure.local` with arguments; `before`: what runs the program."""
    return subprocess.run(
        [*options.pop("before", []), sys.executable, "-m", "infrastructure.local", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | options.pop("env", {}),
        timeout=BOUND_SECONDS,
        **options,
    )


def quiet(line: str) -> None:
    """Announces nothing."""


def sockets_of(root: Path) -> Path:
    """Where PostgreSQL's socket of a data folder lies."""
    return Folder(root).sockets
