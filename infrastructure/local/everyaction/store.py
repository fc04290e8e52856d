"""What the server remembers: one SQLite database, which outlives the process.

Every request is one transaction: what it changed and its line in the log of calls are on disk
together, or not at all. A commit survives the end of the process, SIGKILL too.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    van_id INTEGER PRIMARY KEY,
    version INTEGER,
    created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    is_suppressed INTEGER NOT NULL DEFAULT 0,
    edits TEXT
);
CREATE INDEX IF NOT EXISTS people_modified ON people (modified_ms);
CREATE TABLE IF NOT EXISTS match_keys (
    key TEXT NOT NULL, van_id INTEGER NOT NULL, PRIMARY KEY (key, van_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS custom_fields (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS person_codes (
    van_id INTEGER NOT NULL, code_id INTEGER NOT NULL, times INTEGER NOT NULL,
    applied_ms INTEGER NOT NULL, PRIMARY KEY (van_id, code_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, resource TEXT NOT NULL, van_id INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS records_modified ON records (resource, modified_ms);
CREATE INDEX IF NOT EXISTS records_of_person ON records (van_id, resource);
CREATE TABLE IF NOT EXISTS canvass_responses (
    id INTEGER PRIMARY KEY, van_id INTEGER NOT NULL, fingerprint TEXT UNIQUE,
    times INTEGER NOT NULL DEFAULT 1, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS import_results (
    job_id INTEGER NOT NULL, number INTEGER NOT NULL, is_processed INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, created_ms INTEGER NOT NULL,
    state TEXT NOT NULL, polls INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, details TEXT NOT NULL,
    pattern TEXT NOT NULL, skip INTEGER NOT NULL, times INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, path TEXT NOT NULL,
    query TEXT NOT NULL, status INTEGER NOT NULL, body TEXT, applied INTEGER NOT NULL
);
"""
OLD_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
TABLES = (
    "settings people match_keys custom_fields person_codes records canvass_responses"
    " import_results jobs faults calls"
).split()


class Store:
    """The database file; all writing goes through one connection in one thread.

    Attributes:
        database: the connection that writes; in autocommit mode outside of `transaction`.
        folder: where the database and the exported files lie.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._file = folder / "everyaction.sqlite"
        self.database = self._connect()
        self.database.execute("PRAGMA journal_mode = WAL")
        # NORMAL: a commit is lost with the machine's power only, never with the process.
        # https://www.sqlite.org/pragma.html#pragma_synchronous
        self.database.execute("PRAGMA synchronous = NORMAL")
        self._prepare()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit what happens inside, or undo all of it when it raises."""
        if self.database.in_transaction:
            yield self.database
            return
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Open a connection of its own that reads one state, for another thread."""
        database = self._connect()
        try:
            database.execute("BEGIN")
            yield database
        finally:
            database.close()

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a kept value."""
        found = self.database.execute("SELECT value FROM settings WHERE name = ?", (name,))
        row = found.fetchone()
        return default if row is None else json.loads(row[0])

    def keep(self, name: str, value: Any) -> None:
        """Keep a value that JSON can write."""
        self.database.execute(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value))
        )

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction() as database:
            for table in TABLES:
                database.execute(f"DELETE FROM {table}")
            # Job numbers go on: the files of an old job may still be in the making.
            database.execute("DELETE FROM sqlite_sequence WHERE name <> 'jobs'")

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def _prepare(self) -> None:
        """Make the tables; those of another version of this server are made anew, empty."""
        version = zlib.crc32(SCHEMA.encode()) >> 1
        if self.database.execute("PRAGMA user_version").fetchone()[0] == version:
            return
        with self.transaction() as database:
            for (table,) in database.execute(OLD_TABLES).fetchall():
                database.execute(f'DROP TABLE "{table}"')
        self.database.executescript(SCHEMA)
        self.database.execute(f"PRAGMA user_version = {version}")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
