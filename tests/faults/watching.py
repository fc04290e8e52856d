"""Look at a table all the time that something happens to it, and wait for conditions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import errors

from utilities.settings import Settings

LOOKS = 20_000
"""How often a condition is looked at before a test gives up; each look is a request."""

State = tuple[Any, ...] | None


def until(condition: Callable[[], bool], what: str) -> None:
    """Look until a condition holds.

    Raises:
        AssertionError: it never did.
    """
    for _ in range(LOOKS):
        if condition():
            return
    raise AssertionError(f"never: {what}")


@contextmanager
def watched(settings: Settings, query: str) -> Iterator[set[State]]:
    """Ask the same question over and over during the block; yield the set of all answers.

    None stands for a table that does not exist. The last answer is from after the block.
    """
    seen: set[State] = set()
    connection = psycopg2.connect(
        host=settings.redshift_host,
        port=settings.redshift_port,
        dbname=settings.redshift_db,
        user=settings.redshift_username,
        password=settings.redshift_password.get_secret_value(),
        application_name="reader",
    )
    connection.autocommit = True
    ending = threading.Event()

    def look() -> None:
        with connection.cursor() as cursor:
            try:
                cursor.execute(query)
            except errors.UndefinedTable:
                seen.add(None)
            else:
                seen.add(cursor.fetchone())

    def watch() -> None:
        while not ending.is_set():
            look()

    look()
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ending.set()
        thread.join()
        look()
        connection.close()
