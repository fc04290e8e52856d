"""Imports that Python makes while it runs: what they name, or the packages that they could reach.

Of a module that is imported by a text (`importlib.import_module`, `__import__`, `runpy`, `pkgutil`)
grimp knows nothing. A text that is written out is an import like any other. Of a text that begins
with a package, `f"flows.readers.{name}"`, all of that package counts as imported; of one that
nobody knows, every package.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deployments.catalog.reading import parse
from deployments.fingerprint.bindings import Bindings
from deployments.fingerprint.dependencies import DynamicImport
from deployments.fingerprint.modules import INIT, Modules
from deployments.fingerprint.texts import ANY, LISTING, Text, Texts, argument

WORDS = re.compile(rb"importlib|__import__|runpy|pkgutil|import\s*\(?\s*\*")
"""Without one of these a module makes no import of this kind."""

BY_NAME = {
    "importlib.import_module": "name",
    "importlib.__import__": "name",
    "builtins.__import__": "name",
    "runpy.run_module": "mod_name",
    "pkgutil.resolve_name": "name",
}
"""Functions whose first argument names a module, and how they call it."""

READING = {
    "pkgutil.get_data": "package",
    "importlib.resources.files": "anchor",
    "importlib.resources.open_binary": "package",
    "importlib.resources.open_text": "package",
    "importlib.resources.path": "package",
    "importlib.resources.read_binary": "package",
    "importlib.resources.read_text": "package",
}
"""The same for files that are not Python: they are part of their package."""

BY_PATH = {
    "runpy.run_path": (0, "path_name"),
    "importlib.util.spec_from_file_location": (1, "location"),
    "importlib.machinery.SourceFileLoader": (1, "path"),
}
"""Functions that run a file, and where they are told which."""

RUNNING = (*BY_NAME, *BY_PATH, *LISTING)
"""Functions that import; given to something else, they may import anything."""


@dataclass(frozen=True)
class DynamicImports:
    """What modules import while they run.

    Attributes:
        imported: modules and packages that one imports, those it only could included.
        found: of one, the imports whose module only a run knows.
    """

    imported: Mapping[str, frozenset[str]]
    found: Mapping[str, tuple[DynamicImport, ...]]


def read_dynamic_imports(root: Path, modules: Modules) -> DynamicImports:
    """Look for imports by text in every module; one that is not Python has none."""
    imported: dict[str, frozenset[str]] = {}
    found: dict[str, tuple[DynamicImport, ...]] = {}
    for name, file in modules.sources.items():
        content = (root / file).read_bytes()
        if not WORDS.search(content):
            continue
        try:
            tree = parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        reader = _Reader(root, modules, name, file)
        reader.read(tree)
        imported[name] = frozenset(reader.imported)
        found[name] = tuple(dict.fromkeys(reader.found))
    return DynamicImports(imported, found)


class _Reader:
    """Reads one module."""

    def __init__(self, root: Path, modules: Modules, name: str, file: PurePosixPath) -> None:
        self.root = root
        self.modules = modules
        self.name = name
        self.file = file
        self.imported: set[str] = set()
        self.found: list[DynamicImport] = []

    def read(self, tree: ast.Module) -> None:
        """Find the imports of a module."""
        is_package = self.file.stem == INIT
        self.bindings = Bindings(tree, self.name, is_package=is_package)
        self.texts = Texts(self.bindings)
        for _, package in self.bindings.stars:
            for function in (*RUNNING, *READING):
                if function.rpartition(".")[0] == package:
                    self.bindings.imported[function.rpartition(".")[2]] = function
        followed: set[ast.expr | None] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                followed.add(node.func)
                self._call(node)
            elif isinstance(node, ast.Assign) and self._is_alias(node):
                followed.add(node.value)
            elif isinstance(node, ast.Name | ast.Attribute) and node not in followed:
                given_away = isinstance(node.ctx, ast.Load) and self.bindings.dotted(node)
                if given_away in RUNNING:
                    self._reach(node.lineno, ANY[0])
        for statement, package in self.bindings.stars:
            self._star(statement.lineno, package)

    def _is_alias(self, node: ast.Assign) -> bool:
        """Return whether calls by the new name will be recognised."""
        new = self.bindings.dotted(node.targets[0])
        return new is not None and new == self.bindings.dotted(node.value)

    def _call(self, call: ast.Call) -> None:
        function = self.bindings.dotted(call.func) or ""
        if function in LISTING:
            for text in self._listed(call):
                self._reach(call.lineno, text)
        elif function in BY_PATH:
            for text in self.texts.of(argument(call, *BY_PATH[function])):
                self._run(call.lineno, text)
        elif function in BY_NAME or function in READING:
            for text in self._named(call, function):
                self._reach(call.lineno, text)

    def _named(self, call: ast.Call, function: str) -> Iterator[Text]:
        """Yield what a call names, relative names made absolute."""
        named = argument(call, 0, {**BY_NAME, **READING}[function])
        if named is None and function == "importlib.resources.files":
            return
        if named is not None and (self.bindings.dotted(named) or "") in self.modules:
            return
        submodules = argument(call, 3, "fromlist") if function.endswith("__import__") else None
        for text in self.texts.of(named):
            start = text.start.partition(":")[0]
            yield from self._absolute(Text(start, text.is_whole), argument(call, 1, "package"))
            if function == "runpy.run_module":
                yield Text(f"{start}.__main__", text.is_whole)
            if submodules is not None:
                for name in self.texts.held(submodules):
                    yield Text(f"{start}.{name.start}", name.is_whole)

    def _absolute(self, text: Text, package: ast.expr | None) -> Iterator[Text]:
        name = text.start.lstrip(".")
        level = len(text.start) - len(name)
        if not level:
            yield text
            return
        for start in self.texts.of(package):
            parts = start.start.split(".")
            base = ".".join(parts[: len(parts) - level + 1])
            yield Text(f"{base}.{name}", text.is_whole) if start.is_whole else ANY[0]

    def _listed(self, call: ast.Call) -> Sequence[Text]:
        """Return what a listing of pkgutil may find: of a module's `__path__`, that package."""
        where = argument(call, 0, "path")
        if isinstance(where, ast.Name) and where.id == "__path__":
            return (Text(f"{self.name}.", False),)
        if isinstance(where, ast.Attribute) and where.attr == "__path__":
            if package := self.bindings.dotted(where.value):
                return (Text(f"{package}.", False),)
        return self.texts.of(argument(call, 1, "prefix"))

    def _reach(self, line: int, text: Text) -> None:
        """Take what a text names as imported; of one that only begins, all that it could name."""
        if text.is_whole:
            if nearest := self.modules.nearest(text.start):
                self.imported.add(nearest)
            return
        package, dot, beginning = text.start.rpartition(".")
        packages = [package] if dot else self.modules.packages
        for reached in packages:
            if reached in self.modules and (dot or reached.startswith(beginning)):
                self.imported.update(self.modules.within(reached))
                self.found.append(DynamicImport(self.file, line, reached))
            elif nearest := self.modules.nearest(reached) if dot else None:
                self.imported.add(nearest)

    def _run(self, line: int, text: Text) -> None:
        if not text.is_whole:
            self._reach(line, ANY[0])
            return
        path = PurePosixPath(text.start)
        self.imported.update(name for name, file in self.modules.sources.items() if file == path)

    def _star(self, line: int, package: str) -> None:
        """Take the modules that `from package import *` imports: those that `__all__` names."""
        source = self.modules.sources.get(package)
        if source is None or source.stem != INIT:
            return
        try:
            tree = parse((self.root / source).read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        bindings = Bindings(tree, package, is_package=True)
        if "__all__" not in bindings.values:
            return
        for text in Texts(bindings).held(ast.Name("__all__")):
            self._reach(line, Text(f"{package}.{text.start}", text.is_whole))
