"""Which module imports which, as grimp reads it.

grimp's own `build_graph` finds packages as this process would import them, where `utilities` is
already another one when an earlier commit is read; and one file that is not Python ends it. Its
scanner takes the files that git knows, wherever they are, and is asked again without such a file.

Imports under `if TYPE_CHECKING:` are left out: a run never makes them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from grimp.application.ports.modulefinder import FoundPackage, ModuleFile
from grimp.application.scanning import scan_imports
from grimp.domain.valueobjects import Module
from grimp.exceptions import SourceSyntaxError

from deployments.catalog.reading import parse
from deployments.fingerprint.dependencies import Broken
from deployments.fingerprint.modules import Modules


@dataclass(frozen=True)
class Imports:
    """What each module imports directly; nothing is known of a broken one.

    Attributes:
        direct: modules among those that were scanned.
        outside: top-level packages that are not.
        broken: the modules that are not Python.
    """

    direct: Mapping[str, frozenset[str]]
    outside: Mapping[str, frozenset[str]]
    broken: Mapping[str, Broken]


def read_imports(root: Path, modules: Modules) -> Imports:
    """Scan all modules, each once."""
    with _importable(root, modules) as folder:
        scanner = _Scanner(folder, modules)
        scanner.scan(sorted(modules.sources))
    return Imports(scanner.direct, scanner.outside, scanner.broken)


@contextmanager
def _importable(root: Path, modules: Modules) -> Iterator[Path]:
    """Give a folder without the modules that Python never imports.

    Where `rates.py` and `rates/__init__.py` lie beside each other Python takes the package, and
    grimp the module.
    """
    if not modules.shadowed:
        yield root
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in modules.sources.values():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).symlink_to(root.resolve() / file)
        yield folder


class _Scanner:
    """Scans modules, and halves them until only those that are not Python are left out."""

    def __init__(self, root: Path, modules: Modules) -> None:
        self.root = root
        self.modules = modules
        self.packages = {
            FoundPackage(
                name=package,
                directory=str(root.resolve() / package),
                module_files=frozenset(
                    ModuleFile(Module(name), 0.0)
                    for name in modules.sources
                    if name.partition(".")[0] == package
                ),
                namespace_packages=frozenset(modules.folders - modules.sources.keys()),
            )
            for package in modules.packages
        }
        self.direct: dict[str, frozenset[str]] = {}
        self.outside: dict[str, frozenset[str]] = {}
        self.broken: dict[str, Broken] = {}

    def scan(self, names: Sequence[str]) -> None:
        """Read the imports of some modules."""
        if not names:
            return
        try:
            found = scan_imports(
                {ModuleFile(Module(name), 0.0) for name in names},
                found_packages=self.packages,
                include_external_packages=True,
                exclude_type_checking_imports=True,
            )
        except (SourceSyntaxError, UnicodeError) as error:
            if len(names) > 1:
                middle = len(names) // 2
                self.scan(names[:middle])
                self.scan(names[middle:])
            else:
                self._leave_out(names[0], error)
            return
        for file, imports in found.items():
            names_of = {each.imported.name for each in imports}
            inside = frozenset(name for name in names_of if name in self.modules)
            self.direct[file.module.name] = inside
            self.outside[file.module.name] = frozenset(
                name.partition(".")[0] for name in names_of - inside
            )

    def _leave_out(self, name: str, error: SourceSyntaxError | UnicodeError) -> None:
        file = self.modules.sources[name]
        self.direct[name] = frozenset()
        line, reason = (
            1,
            "its bytes are not text in its encoding (UTF-8 unless its first lines say so)",
        )
        if isinstance(error, SourceSyntaxError):
            line, reason = error.lineno or 1, "it is not Python"
            try:
                parse((self.root / file).read_bytes())
            except SyntaxError as python:
                line, reason = python.lineno or line, f"it is not Python: {python.msg}"
            except (ValueError, RecursionError, MemoryError) as python:
                reason = f"it is not Python: {python}"
        self.broken[name] = Broken(file, line, reason)
