"""What the Dockerfile makes, without a Docker engine: the same files, packages, folder and user.

What cannot be had this way is the base image: Python and the system's libraries are this machine's.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.infrastructure.image.dockerfile import Copy, Dockerfile, read_dockerfile
from tests.infrastructure.image.ignored import Ignored, context_files, read_ignored

REPOSITORY = Path(__file__).parents[3]
REQUIREMENTS = re.compile(r"--requirement (?!/tmp/)(\S+)")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
EVERYBODY = 0o1777


@dataclass(frozen=True)
class Made:
    """A folder that is what `/` is in a container.

    Attributes:
        folder: of this machine.
        dockerfile: that it was made from.
        variables: of a process, those of ENV among them.
        before: words before a command that make it run as the image's user; none when this process
            may not become another user.
    """

    folder: Path
    dockerfile: Dockerfile
    variables: dict[str, str]
    before: tuple[str, ...]

    @property
    def code(self) -> Path:
        """The folder that processes start in."""
        return self.folder / self.dockerfile.last("WORKDIR").lstrip("/")

    def run(self, *command: str) -> str:
        """Return what a command prints, run as a container would.

        Raises:
            AssertionError: it failed; what it said is in the message.
        """
        done = subprocess.run(
            [*self.before, *command],
            cwd=self.code,
            env=self.variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    @contextmanager
    def running(
        self, name: str, command: Sequence[str], variables: Mapping[str, str]
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a command until the end of a `with`.

        Args:
            name: of what runs; `said` has its words.
            command: what to run.
            variables: beside those of the image.
        """
        with self._words(name).open("wb") as words:
            process = subprocess.Popen(
                [*self.before, *command],
                cwd=self.code,
                env={**self.variables, **variables},
                stdout=words,
                stderr=words,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def said(self, name: str) -> str:
        """What a command that runs has said."""
        return self._words(name).read_text()

    def _words(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def copied_files(
    root: Path, dockerfile: Dockerfile, ignored: Ignored, target: str = ""
) -> dict[PurePosixPath, Path]:
    """Return the files of a context that a stage copies, by their path in the image.

    Args:
        root: folder of the context.
        dockerfile: what is built.
        ignored: what is left out of the context.
        target: name of the stage; the last one unless given.
    """
    files = list(context_files(root, ignored))
    found: dict[PurePosixPath, Path] = {}
    for copy in dockerfile.copies(target):
        if not copy.stage:
            found |= {place: root / file for file in files for place in _places(copy, file)}
    return found


def copy_files(folder: Path, target: str = "") -> Dockerfile:
    """Copy what a stage of this repository's Dockerfile copies; return the Dockerfile.

    Args:
        folder: that is what `/` is in a container.
        target: name of the stage; the last one unless given.
    """
    dockerfile = read_dockerfile((REPOSITORY / "Dockerfile").read_text())
    ignored = read_ignored((REPOSITORY / ".dockerignore").read_text())
    for place, source in copied_files(REPOSITORY, dockerfile, ignored, target).items():
        copied = folder / str(place).lstrip("/")
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copied)
    return dockerfile


def make(folder: Path) -> Made:
    """Make the image of this repository in an empty folder that everybody may enter."""
    dockerfile = copy_files(folder)
    interpreter, user = _another_user(dockerfile.last("USER"))
    _install(dockerfile, folder / "opt/venv", interpreter)
    home = folder / "tmp"
    home.mkdir()
    home.chmod(EVERYBODY)
    own = {
        name: value.replace("/opt/", f"{folder}/opt/").replace("$PATH", os.environ["PATH"])
        for name, value in dockerfile.environment().items()
    }
    # Its user cannot write compiled modules beside the packages, as in the image, where they are.
    kept = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPYCACHEPREFIX": str(home / "compiled")}
    return Made(folder, dockerfile, {**own, **kept}, user)


def _places(copy: Copy, file: PurePosixPath) -> Iterator[PurePosixPath]:
    """Return where a file of the context goes."""
    for source in copy.sources:
        if str(file) == source:
            yield copy.destination / file.name if copy.is_folder else copy.destination
        elif file.is_relative_to(source):
            yield copy.destination / file.relative_to(source)


def _install(dockerfile: Dockerfile, place: Path, interpreter: Path) -> None:
    """Install what the stage that `/opt/venv` comes from installs, from the same locks."""
    (stage,) = {copy.stage for copy in dockerfile.copies() if copy.stage}
    runs = " ".join(each.value for each in dockerfile.instructions(stage, "RUN"))
    locks = [str(REPOSITORY / lock) for lock in REQUIREMENTS.findall(runs)]
    uv = [sys.executable, "-m", "uv"]
    options = ["--quiet", *(["--system-certs"] if CERTIFICATES.exists() else [])]
    subprocess.run([*uv, "venv", "--quiet", "--python", interpreter, place], check=True)
    wheels = ["--only-binary", ":all:", "--no-binary", "parsons", "--require-hashes"]
    python = ["--python", str(place / "bin/python")]
    subprocess.run([*uv, "pip", "sync", *options, *wheels, *python, *locks], check=True)


def _another_user(number: str) -> tuple[Path, tuple[str, ...]]:
    """Return a Python, and what makes a command run as another user; nothing if it may not."""
    own = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return own, ()
    # Root's own Python may lie in a folder that nobody else can enter.
    folders = [str(own.parent), *os.environ["PATH"].split(os.pathsep), "/usr/bin"]
    for folder in folders:
        candidate = Path(folder, own.name)
        if candidate.exists() and _is_open(candidate.resolve()) and not candidate.is_symlink():
            user = ("setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups", "--")
            return candidate, user
    return own, ()


def _is_open(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)
