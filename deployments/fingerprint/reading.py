"""What each flow's run depends on: its own module, what that reaches by imports, and their files.

A module's package and everything above it count, because importing the module runs their
`__init__`; a package's files that are not Python count with the package. What counts of the image
is in the root: the lock, the Dockerfile and what the image leaves out. Only files that git tracks
or would track are looked at.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from deployments.catalog import CatalogFlow
from deployments.catalog.finding import OF_AN_IMAGE, is_module
from deployments.fingerprint.dependencies import Dependencies, Undeclared
from deployments.fingerprint.dynamic import read_dynamic_imports
from deployments.fingerprint.imports import read_imports
from deployments.fingerprint.modules import Modules, find_modules, top_of
from deployments.git import project_files

OF_THE_ROOT_IMAGE = tuple(map(PurePosixPath, ("requirements.txt", "Dockerfile", ".dockerignore")))


def dependencies(
    root: Path,
    packages: Sequence[str],
    flows: Sequence[CatalogFlow],
    files: Sequence[PurePosixPath] | None = None,
) -> dict[str, Dependencies]:
    """Return what each flow depends on, by entrypoint.

    Args:
        root: folder of the repository.
        packages: top-level packages that a run may import; the flows' own is always one.
        flows: of the catalog.
        files: of the repository, from there; those that git tracks or would track unless given.

    Raises:
        DeclarationInvalid: a package does not exist.
    """
    known = project_files(root) if files is None else files
    modules = find_modules({*packages, *(flow.file.parts[0] for flow in flows)}, known)
    reader = _Reader(root, known, modules)
    image = [file for file in OF_THE_ROOT_IMAGE if file in reader.order]
    return {flow.entrypoint: reader.read(flow, image) for flow in flows}


def content_hash(file: Path) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


class _Reader:
    """Follows imports through one state of a repository."""

    def __init__(self, root: Path, known: Sequence[PurePosixPath], modules: Modules) -> None:
        self.root = root
        self.modules = modules
        self.imports = read_imports(root, modules)
        self.dynamic = read_dynamic_imports(root, modules)
        # Paths compare slowly: each is compared once, not once for each flow.
        self.order = {file: place for place, file in enumerate(sorted(known))}
        self.others = {top_of(file) for file in known if is_module(file)} - {*modules.packages}
        self.nexts: dict[str, tuple[str, ...]] = {}
        self.hashes: dict[PurePosixPath, str] = {}

    def read(self, flow: CatalogFlow, image: Sequence[PurePosixPath]) -> Dependencies:
        """Return what one flow depends on."""
        own = {flow.own_image / name for name in OF_AN_IMAGE} if flow.own_image else set()
        reached = self._reach(flow.module)
        files = list(image)
        because: dict[PurePosixPath, str] = {}
        for module, importer in reached.items():
            if source := self.modules.sources.get(module):
                files.append(source)
                if importer is not None:
                    because[source] = importer
            for file in self.modules.data.get(module, ()):
                files.append(file)
                if file not in own:
                    because[file] = module
        return Dependencies(
            entrypoint=flow.entrypoint,
            files={file: self._hash(file) for file in sorted(files, key=self.order.__getitem__)},
            because=because,
            dynamic_imports=tuple(
                found for module in reached for found in self.dynamic.found.get(module, ())
            ),
            broken=tuple(
                self.imports.broken[module] for module in reached if module in self.imports.broken
            ),
            undeclared=tuple(
                Undeclared(self.modules.sources[module], package)
                for module in reached
                for package in sorted(self.imports.outside.get(module, frozenset()) & self.others)
            ),
        )

    def _reach(self, module: str) -> Mapping[str, str | None]:
        """Return every module that importing one runs, with the one that it was reached through."""
        reached: dict[str, str | None] = {module: None}
        waiting = deque([module])
        while waiting:
            importer = waiting.popleft()
            for name in self._next(importer):
                if name not in reached:
                    reached[name] = importer
                    waiting.append(name)
        return reached

    def _next(self, module: str) -> tuple[str, ...]:
        if module not in self.nexts:
            self.nexts[module] = tuple(self._imported(module))
        return self.nexts[module]

    def _imported(self, module: str) -> Iterator[str]:
        yield from sorted(self.imports.direct.get(module, ()))
        yield from sorted(self.dynamic.imported.get(module, ()))
        if package := module.rpartition(".")[0]:
            yield package

    def _hash(self, file: PurePosixPath) -> str:
        if file not in self.hashes:
            self.hashes[file] = content_hash(self.root / file)
        return self.hashes[file]
