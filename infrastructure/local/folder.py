"""Where a stack keeps its things: one folder on disk, and a short one for the Unix socket.

`.local/` in the repository's root holds everything that survives a restart. Two clones have
two roots, so they never meet.
"""

import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]

SHORT_TEMPORARY_FOLDER = Path("/tmp")
"""Not $TMPDIR: a socket's path may have about 104 bytes in all, and every client of one stack
must find the same folder. https://man7.org/linux/man-pages/man7/unix.7.html"""


class StackError(Exception):
    """The local stack cannot start, or cannot do what was asked; the message says why."""


@dataclass(frozen=True)
class Folder:
    """The files of one stack.

    Attributes:
        root: absolute path of the data folder.
    """

    root: Path

    @property
    def addresses(self) -> Path:
        """Ports and password, kept so that addresses stay the same over restarts."""
        return self.root / "addresses.json"

    @property
    def state(self) -> Path:
        """Which processes run now."""
        return self.root / "stack.json"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts or stops the stack."""
        return self.root / "start.lock"

    @property
    def life_lock(self) -> Path:
        """Held by the supervisor while it lives; the kernel frees it, even after SIGKILL."""
        return self.root / "supervisor.lock"

    @property
    def last_used(self) -> Path:
        """Its modification time is when a client last joined."""
        return self.root / "last-used"

    @property
    def kept(self) -> Path:
        """Exists while the stack must not end by itself."""
        return self.root / "kept"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data directory."""
        return self.root / "postgres"

    @property
    def objects(self) -> Path:
        """What lies on S3."""
        return self.root / "s3"

    @property
    def everyaction(self) -> Path:
        """What the local EveryAction remembers."""
        return self.root / "everyaction"

    @property
    def prefect(self) -> Path:
        """Prefect's home."""
        return self.root / "prefect"

    @property
    def sockets(self) -> Path:
        """Where PostgreSQL's Unix socket lies: short, and different for each root and user."""
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return SHORT_TEMPORARY_FOLDER / f"prefect-flows-{os.geteuid()}-{name}"

    def log(self, part: str) -> Path:
        """The log file of a part."""
        return self.root / "logs" / f"{part}.log"

    def prepare(self) -> None:
        """Make the folders. As root, others may pass through, for PostgreSQL's user."""
        mode = 0o711 if os.geteuid() == 0 else 0o700
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(mode)
        for folder in (self.root / "logs", self.objects, self.prefect, self.everyaction):
            folder.mkdir(mode=0o700, exist_ok=True)


def private_folder(path: Path, owner: int) -> None:
    """Make a folder in a place that others can write to, and only for its owner.

    Raises:
        StackError: the name is taken by something that is not a folder of `owner`.
    """
    try:
        path.mkdir(mode=0o700)
        os.chown(path, owner, -1)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise StackError(
                f"{path} is needed for PostgreSQL's socket, but it belongs to user {found.st_uid}"
                f" (expected: a folder of user {owner}). Remove it and start again."
            ) from None
    path.chmod(0o700)


def write_json(path: Path, content: Any) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        json.dump(content, file, indent=2)
    draft.replace(path)
