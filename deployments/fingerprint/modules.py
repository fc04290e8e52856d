"""The modules of the first-party packages, and the files that belong to each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from deployments.catalog.finding import is_module
from utilities.errors import DeclarationInvalid

INIT = "__init__"


@dataclass(frozen=True)
class Modules:
    """What can be imported.

    Attributes:
        packages: top-level packages and modules, sorted.
        sources: Python file of each module; a package's is its `__init__.py`, and a folder without
            one has none.
        data: files that are not Python, by the package that they belong to: the nearest enclosing
            folder that holds Python.
        folders: names that are packages, with or without an `__init__.py`.
        shadowed: packages beside a module of the same name, which Python then never imports.
    """

    packages: tuple[str, ...]
    sources: Mapping[str, PurePosixPath]
    data: Mapping[str, Sequence[PurePosixPath]]
    folders: frozenset[str]
    shadowed: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.sources or name in self.folders

    def nearest(self, name: str) -> str | None:
        """Return the longest beginning of a dotted name that is a module or package."""
        while name and name not in self:
            name = name.rpartition(".")[0]
        return name or None

    def within(self, package: str) -> list[str]:
        """Return a package and everything in it."""
        return [
            name
            for name in (*self.sources, *(self.folders - self.sources.keys()))
            if name == package or name.startswith(f"{package}.")
        ]


def find_modules(packages: Iterable[str], files: Sequence[PurePosixPath]) -> Modules:
    """Sort the files of a repository into modules and what belongs to them.

    Raises:
        DeclarationInvalid: a package does not exist.
    """
    wanted = sorted(set(packages))
    inside = [file for file in files if top_of(file) in wanted]
    _require(wanted, {top_of(file) for file in inside})
    python = [file for file in inside if is_module(file)]
    sources: dict[str, PurePosixPath] = {}
    shadowed: set[str] = set()
    for file in sorted(python, key=lambda file: file.name == f"{INIT}.py"):
        name = _module_name(file)
        if name in sources:
            shadowed.add(name)
        sources[name] = file
    folders = {".".join(parent.parts) for file in python for parent in file.parents if parent.parts}
    holding = {file.parent for file in python}
    data: dict[str, list[PurePosixPath]] = {}
    for file in set(inside).difference(python):
        owner = next((folder for folder in file.parents if folder in holding), None)
        data.setdefault(".".join(owner.parts) if owner else top_of(file), []).append(file)
    return Modules(
        packages=tuple(wanted),
        sources=sources,
        data={name: sorted(owned) for name, owned in data.items()},
        folders=frozenset(folders),
        shadowed=frozenset(shadowed),
    )


def _require(wanted: Sequence[str], found: set[str]) -> None:
    if missing := sorted(set(wanted) - found):
        raise DeclarationInvalid(
            f"environments.yaml: packages: there is no {', '.join(missing)} in the repository. "
            "Expected the names of folders with Python files, or of modules, beside prefect.yaml; "
            "files that .gitignore names do not count."
        )


def top_of(file: PurePosixPath) -> str:
    """Return the top-level package of a file; of one that is in none, its own name."""
    first = file.parts[0]
    return first if len(file.parts) > 1 else first.removesuffix(".py")


def _module_name(file: PurePosixPath) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == INIT and len(parts) > 1 else parts)
