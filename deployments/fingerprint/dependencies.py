"""Everything that a run depends on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

DIGITS = 16


@dataclass(frozen=True)
class DynamicImport:
    """An import whose module is known only when it happens.

    Attributes:
        file: that holds it.
        line: in the file.
        reaches: the package that it may import from, all of which counts as imported.
    """

    file: PurePosixPath
    line: int
    reaches: str


@dataclass(frozen=True)
class Undeclared:
    """An import of something in the repository that is not among the packages of a run.

    Attributes:
        file: that imports it.
        package: top-level package or module; what changes there is not seen.
    """

    file: PurePosixPath
    package: str


@dataclass(frozen=True)
class Broken:
    """A file among the dependencies that is not Python."""

    file: PurePosixPath
    line: int
    reason: str


@dataclass(frozen=True)
class Dependencies:
    """All files that a run of one entrypoint depends on.

    Attributes:
        entrypoint: whose they are.
        files: content hash by path from the repository's root.
        because: for a file, the module or file through which it was reached: of
            `utilities/staging/writer.py` it is `utilities.tasks`. The entrypoint's own file and
            the image's files have none.
        dynamic_imports: among them.
        broken: files among them that are not Python; such a deployment cannot be deployed.
        undeclared: imports that leave the packages that a run may import, but not the repository.
    """

    entrypoint: str
    files: Mapping[PurePosixPath, str]
    because: Mapping[PurePosixPath, str]
    dynamic_imports: tuple[DynamicImport, ...] = ()
    broken: tuple[Broken, ...] = ()
    undeclared: tuple[Undeclared, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits, equal as long as entrypoint, files and contents are."""
        hashed = hashlib.sha256(self.entrypoint.encode())
        for path, content in sorted(self.files.items()):
            hashed.update(f"\0{path}\0{content}".encode())
        return hashed.hexdigest()[:DIGITS]
