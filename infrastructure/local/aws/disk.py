"""What lies on S3, on disk: bodies as files, everything else in one SQLite database.

A body is written first, then its row is committed, then the body that it replaces goes. A
process killed in between leaves a file without a row, which the next start takes away. The
operating system survives the kill of a process, so nothing waits for the disk itself.
"""

import json
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, region TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS settings (
    bucket TEXT NOT NULL, query TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (bucket, query)
) STRICT;
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, attributes TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT;
"""


@dataclass(frozen=True)
class Setting:
    """A request that configured a bucket (lifecycle, policy, versioning, ...), to be repeated.

    Attributes:
        bucket: name of the bucket.
        query: which of its settings, as in the request: `lifecycle`, `inventory&id=daily`, ...
        headers: the request's, under their WSGI names.
        body: the request's.
    """

    bucket: str
    query: str
    headers: dict[str, str]
    body: bytes


class Disk:
    """The lasting contents of S3. Not safe for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._bodies = folder / "objects"
        self._bodies.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(
            folder / "contents.sqlite", isolation_level=None, check_same_thread=False
        )
        self._rows.execute("PRAGMA journal_mode = WAL")
        self._rows.execute("PRAGMA synchronous = NORMAL")
        self._rows.executescript(SCHEMA)
        self._remove_strays()

    def buckets(self) -> list[tuple[str, str]]:
        """Return name and region of each bucket."""
        return self._rows.execute("SELECT name, region FROM buckets ORDER BY name").fetchall()

    def settings(self) -> list[Setting]:
        """Return the settings of all buckets, in the order in which they were made."""
        rows = self._rows.execute(
            "SELECT bucket, query, headers, body FROM settings ORDER BY rowid"
        )
        return [Setting(bucket, query, json.loads(h), body) for bucket, query, h, body in rows]

    def objects(self) -> Iterator[tuple[str, str, dict[str, Any], bytes]]:
        """Yield bucket, key, attributes and body of each object; forget those that are not whole.

        Only the machine's sudden end can leave such a one, not the kill of a process.
        """
        rows = self._rows.execute("SELECT bucket, key, attributes, file FROM objects").fetchall()
        for bucket, key, attributes, file in rows:
            path, known = self._bodies / file, json.loads(attributes)
            if path.exists() and path.stat().st_size == known["size"]:
                yield bucket, key, known, path.read_bytes()
            else:
                print(f"s3://{bucket}/{key} is lost: {path} is not whole", file=sys.stderr)
                self.remove_object(bucket, key)

    def keys(self, bucket: str) -> set[str]:
        """Return the keys of a bucket."""
        rows = self._rows.execute("SELECT key FROM objects WHERE bucket = ?", (bucket,))
        return {key for (key,) in rows}

    def put_bucket(self, name: str, region: str) -> None:
        """Keep a bucket."""
        self._rows.execute("INSERT OR IGNORE INTO buckets VALUES (?, ?)", (name, region))

    def remove_bucket(self, name: str) -> None:
        """Forget a bucket and what is in it."""
        for key in self.keys(name):
            self.remove_object(name, key)
        self._rows.execute("DELETE FROM settings WHERE bucket = ?", (name,))
        self._rows.execute("DELETE FROM buckets WHERE name = ?", (name,))

    def put_setting(self, setting: Setting) -> None:
        """Keep a setting of a bucket in place of an earlier one."""
        row = (setting.bucket, setting.query, json.dumps(setting.headers), setting.body)
        self._rows.execute("INSERT OR REPLACE INTO settings VALUES (?, ?, ?, ?)", row)

    def remove_setting(self, bucket: str, query: str) -> None:
        """Forget a setting of a bucket."""
        self._rows.execute("DELETE FROM settings WHERE bucket = ? AND query = ?", (bucket, query))

    def put_object(self, bucket: str, key: str, attributes: dict[str, Any], body: bytes) -> None:
        """Keep an object in place of an earlier one; `size` among its attributes is checked later."""
        file = uuid.uuid4().hex
        (self._bodies / file).write_bytes(body)
        replaced = self._file(bucket, key)
        row = (bucket, key, file, json.dumps(attributes))
        self._rows.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", row)
        self._remove_body(replaced)

    def remove_object(self, bucket: str, key: str) -> None:
        """Forget an object."""
        removed = self._file(bucket, key)
        self._rows.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))
        self._remove_body(removed)

    def _file(self, bucket: str, key: str) -> str | None:
        query = "SELECT file FROM objects WHERE bucket = ? AND key = ?"
        row = self._rows.execute(query, (bucket, key)).fetchone()
        return row[0] if row else None

    def _remove_body(self, file: str | None) -> None:
        if file is not None:
            (self._bodies / file).unlink(missing_ok=True)

    def _remove_strays(self) -> None:
        known = {file for (file,) in self._rows.execute("SELECT file FROM objects")}
        for path in self._bodies.iterdir():
            if path.name not in known:
                path.unlink()
