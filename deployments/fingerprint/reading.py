"""What each flow's run depends on: its own module, what that reaches by imports, and their files.

A module's package and everything above it count, because importing the module runs their
`__init__`; a package's files that are not Python count with the package. What counts of the image
is in the root: the lock, the Dockerfile and what the image leaves out. Only files that git tracks
or would track are looked at.

Not seen: code that is run as a text or by another process, files that are opened outside of the
packages that are reached, and modules that only a changed `sys.path` finds.
"""

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deployments.catalog import CatalogFlow
from deployments.catalog.finding import OF_AN_IMAGE, is_module
from deployments.fingerprint.dependencies import Broken, Dependencies, DynamicImport, Undeclared
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
    return {flow.entrypoint: reader.read(flow) for flow in flows}


def content_hash(file: Path) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@dataclass(frozen=True)
class _Part:
    """What one module adds to everything that reaches it.

    Attributes:
        next: modules that it imports, and the package that it is in.
        source: its Python file.
        contents: hash of each of its files.
        dynamic_imports, broken, undeclared: see `Dependencies`.
    """

    next: tuple[str, ...]
    source: PurePosixPath | None
    contents: Mapping[PurePosixPath, str]
    dynamic_imports: tuple[DynamicImport, ...]
    broken: tuple[Broken, ...]
    undeclared: tuple[Undeclared, ...]


class _Reader:
    """Follows imports through one state of a repository."""

    def __init__(self, root: Path, known: Sequence[PurePosixPath], modules: Modules) -> None:
        self.root = root
        self.modules = modules
        self.imports = read_imports(root, modules)
        self.dynamic = read_dynamic_imports(root, modules)
        self.others = {top_of(file) for file in known if is_module(file)} - {*modules.packages}
        # Paths compare slowly: each is compared once, not once for each flow.
        self.order = {file: place for place, file in enumerate(sorted(known))}
        self.parts: dict[str, _Part] = {}
        self.image = {
            file: content_hash(root / file) for file in OF_THE_ROOT_IMAGE if file in self.order
        }

    def read(self, flow: CatalogFlow) -> Dependencies:
        """Return what one flow depends on."""
        own = {flow.own_image / name for name in OF_AN_IMAGE} if flow.own_image else set()
        contents = dict(self.image)
        because: dict[PurePosixPath, str] = {}
        parts: list[_Part] = []
        for module, importer in self._reach(flow.module).items():
            part = self._part(module)
            parts.append(part)
            contents.update(part.contents)
            for file in part.contents:
                reason = importer if file is part.source else module
                if reason is not None and file not in own:
                    because[file] = reason
        return Dependencies(
            entrypoint=flow.entrypoint,
            files={file: contents[file] for file in sorted(contents, key=self.order.__getitem__)},
            because=because,
            dynamic_imports=tuple(found for part in parts for found in part.dynamic_imports),
            broken=tuple(broken for part in parts for broken in part.broken),
            undeclared=tuple(leaving for part in parts for leaving in part.undeclared),
        )

    def _reach(self, module: str) -> Mapping[str, str | None]:
        """Return every module that importing one runs, with the one that it was reached through."""
        reached: dict[str, str | None] = {module: None}
        waiting = deque([module])
        while waiting:
            importer = waiting.popleft()
            for name in self._part(importer).next:
                if name not in reached:
                    reached[name] = importer
                    waiting.append(name)
        return reached

    def _part(self, module: str) -> _Part:
        if module not in self.parts:
            self.parts[module] = self._read_part(module)
        return self.parts[module]

    def _read_part(self, module: str) -> _Part:
        source = self.modules.sources.get(module)
        package = module.rpartition(".")[0]
        imported = sorted(self.imports.direct.get(module, ()))
        dynamic = sorted(self.dynamic.imported.get(module, ()))
        files = [*([source] if source else []), *self.modules.data.get(module, ())]
        leaving = self.imports.outside.get(module, frozenset()) & self.others
        return _Part(
            next=(*imported, *dynamic, *([package] if package else [])),
            source=source,
            contents={file: content_hash(self.root / file) for file in files},
            dynamic_imports=self.dynamic.found.get(module, ()),
            broken=(self.imports.broken[module],) if module in self.imports.broken else (),
            undeclared=tuple(Undeclared(source, name) for name in sorted(leaving) if source),
        )
