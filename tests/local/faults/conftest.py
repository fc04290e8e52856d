"""What the tests of faults share."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import until
from tests.local.faults.jobs import staging_prefix
from tests.local.faults.scenarios import Row
from tests.local.warehouse import Ask, ask, settings
from utilities.objects.credentials import aws_session
from utilities.references import TableName
from utilities.settings import Settings

__all__ = ["ask", "settings"]

NAME = "prefect-flows"
"""What a load calls itself; see utilities/redshift/connection.py."""

Rows = Callable[[TableName], list[Row]]
NothingIsLeft = Callable[[TableName, int], None]


@pytest.fixture
def rows(ask: Ask) -> Rows:
    """Return a function that reads a table, with its rows sorted."""

    def read(table: TableName) -> list[Row]:
        found = ask(f"SELECT id, name, version, CAST(day AS VARCHAR) FROM {table}")
        return sorted((int(row[0]), row[1], int(row[2]), row[3]) for row in found)

    return read


@pytest.fixture
def nothing_is_left(ask: Ask) -> NothingIsLeft:
    """Return a check: each batch is in the ledger once; no session of a load is there any more, and
    no table of a session."""

    def check(table: TableName, batches: int) -> None:
        ledger = (
            "SELECT COUNT(*), COUNT(DISTINCT batch_key) FROM prefect_flows.loads "
            f"WHERE target = '{table}'"
        )
        assert ask(ledger) == [(batches, batches)]
        sessions = f"SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = '{NAME}'"
        until(lambda: ask(sessions) == [(0,)], "every session of a load ended")
        temporary = "SELECT relname FROM pg_class WHERE relpersistence = 't'"
        assert ask(temporary) == []

    return check


@pytest.fixture
def objects(settings: Settings) -> Iterator[Callable[[TableName], list[str]]]:
    """Return a function that lists the staged objects of a table, by the end of their names."""
    with closing(
        aws_session(settings).client("s3", endpoint_url=settings.aws_endpoint_url)
    ) as client:

        def found(table: TableName) -> list[str]:
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=settings.s3_temp_bucket, Prefix=staging_prefix(table)
            )
            keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
            return [key.rpartition("/")[2] for key in keys]

        yield found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a file of a name, with a text."""

    def run(name: str, text: str) -> Path:
        file = tmp_path / name
        file.write_text(text)
        return file

    return run
