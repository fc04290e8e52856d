"""What the server remembers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.local.everyaction.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with closing(Store(tmp_path)) as found:
        yield found


def test_a_transaction_is_whole_or_nothing(store: Store) -> None:
    """What raises leaves nothing; inner transactions belong to the outer one."""
    with pytest.raises(ZeroDivisionError), store.transaction():
        with store.transaction():
            store.keep("a", 1)
        raise ZeroDivisionError
    assert store.setting("a") is None
    with store.transaction():
        store.keep("a", {"b": [1, None]})
    with closing(Store(store.folder)) as again:
        assert again.setting("a") == {"b": [1, None]}


def test_tables_of_another_version_are_made_anew(tmp_path: Path) -> None:
    """A folder from before an update gives a working server, not a broken one."""
    with closing(sqlite3.connect(tmp_path / "everyaction.sqlite")) as old:
        old.execute("CREATE TABLE people (name TEXT)")
    with closing(Store(tmp_path)) as store:
        assert store.database.execute("SELECT van_id, edits FROM people").fetchall() == []
        assert store.setting("drift_from") is None


def test_a_snapshot_reads_one_state(store: Store) -> None:
    """What is written meanwhile is not in it, and is not held up by it."""
    store.keep("a", 1)
    with store.snapshot() as snapshot:
        read = "SELECT value FROM settings WHERE name = 'a'"
        assert snapshot.execute(read).fetchone() == ("1",)
        store.keep("a", 2)
        assert snapshot.execute(read).fetchone() == ("1",)
    assert store.setting("a") == 2
