"""Which files of a folder a .dockerignore keeps from a build, by Docker's rules.

The last pattern that a path, or a folder above it, fits decides. Patterns begin at the root, `*`
stays within one name, `**` is any number of folders, and a folder that is left out is still looked
into for what an exception lets in.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files, read 2026-11-21.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Pattern:
    """One line.

    Attributes:
        text: without the exclamation mark.
        is_exception: it lets in what a line above leaves out.
        expression: what the text means.
    """

    text: str
    is_exception: bool
    expression: re.Pattern[str]

    def fits(self, path_and_above: Sequence[str]) -> bool:
        """Return whether a path or a folder above it fits."""
        return any(map(self.expression.fullmatch, path_and_above))


@dataclass(frozen=True)
class Ignored:
    """The lines of a .dockerignore."""

    patterns: tuple[Pattern, ...]

    def leaves_out(self, path: PurePosixPath) -> bool:
        """Return whether a path from the root is left out."""
        path_and_above = [str(path), *(str(parent) for parent in path.parents if parent.name)]
        fitting = [pattern for pattern in self.patterns if pattern.fits(path_and_above)]
        return bool(fitting) and not fitting[-1].is_exception

    def lets_in_below(self, folder: PurePosixPath) -> bool:
        """Return whether an exception may let in something that is inside of a folder."""
        return any(
            pattern.text.startswith((f"{folder}/", "*"))
            for pattern in self.patterns
            if pattern.is_exception
        )


def read_ignored(text: str) -> Ignored:
    """Return the patterns of a .dockerignore."""
    lines = [line.strip() for line in text.splitlines()]
    return Ignored(tuple(_pattern(line) for line in lines if line and line[0] != "#"))


def context_files(root: Path, ignored: Ignored) -> Iterator[PurePosixPath]:
    """Return the files of a folder that a build can copy, from the folder."""
    for parent, folders, files in os.walk(root):
        inside = PurePosixPath(Path(parent).relative_to(root))
        folders[:] = [
            name
            for name in folders
            if not ignored.leaves_out(inside / name) or ignored.lets_in_below(inside / name)
        ]
        yield from (inside / name for name in files if not ignored.leaves_out(inside / name))


def _pattern(line: str) -> Pattern:
    text = line.removeprefix("!").strip("/")
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    expression = "".join(meanings.get(piece, re.escape(piece)) for piece in pieces)
    return Pattern(text, line[0] == "!", re.compile(expression))
