"""A PostgreSQL of the machine, with the extension that Prefect's server needs.

The one that comes with the local stack is built without `pg_trgm`, and docker-compose.yml runs the
official image, which has it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


def find_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that has `pg_trgm`; Debian's places."""
    found = [
        programs
        for programs in Path("/usr/lib/postgresql").glob("*/bin")
        if Path("/usr/share/postgresql", programs.parent.name, "extension/pg_trgm.control").exists()
    ]
    return max(found, key=lambda programs: int(programs.parent.name), default=None)


@contextmanager
def postgres(programs: Path, options: list[str], user: str, port: int) -> Iterator[None]:
    """Run a server with a database that is called as its user, who needs no password.

    Args:
        programs: its folder.
        options: words for the server.
        user: of the database, and the database's name.
        port: on loopback.
    """
    folder = Path(tempfile.mkdtemp())
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data = ["-D", str(folder / "data")]
    initdb = [str(programs / "initdb"), *data, "--username", user, "--auth", "trust", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **identity)
    place = ["-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", *data, *options, *place],
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )
    try:
        ready = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
        while subprocess.run(ready).returncode != 0:
            assert server.poll() is None, (folder / "log").read_text()
        connection = psycopg2.connect(host="127.0.0.1", port=port, user=user, dbname="postgres")
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {user}")
        connection.close()
        yield
    finally:
        # At once and uncleanly: nobody reads the data again.
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder)
