"""Repositories of any shape for tests: an import graph first, then the files that say it.

What a run of a flow depends on follows from the graph alone, so it is known without reading a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

STYLES = (
    "absolute",
    "alias",
    "name",
    "from_parent",
    "relative",
    "star",
    "in_function",
    "type_checking",
    "constant",
    "beneath",
)
NOT_AT_RUN_TIME = "type_checking"

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Of tests that write files: how long they take says nothing on a busy machine."""

PLACES = (
    "flows",
    "flows.alpha",
    "flows.beta",
    "flows.team",
    "flows.team.gamma",
    "flows.team.delta",
    "shelf",
    "shelf.one",
    "shelf.two",
    "shelf.deep",
    "shelf.deep.three",
    "shelf.deep.deeper",
    "shelf.deep.deeper.four",
    "shelf.side",
    "shelf.side.five",
)
"""Every module there can be; one that has others beneath it is a folder."""

FOLDERS = tuple(place for place in PLACES if any(each.startswith(f"{place}.") for each in PLACES))


@dataclass(frozen=True)
class Edge:
    """One import: who, whom, how it is written."""

    importer: str
    imported: str
    style: str


@dataclass(frozen=True)
class Graph:
    """A repository.

    Attributes:
        namespaces: folders without an `__init__.py`.
        edges: imports.
        data: folders that hold a file that is not Python, directly or in a subfolder of it.
        flows: modules that are entrypoints.
    """

    namespaces: frozenset[str]
    edges: tuple[Edge, ...]
    data: frozenset[str]
    flows: tuple[str, ...]

    def file(self, module: str) -> PurePosixPath:
        """Return the Python file of a module that has one."""
        path = PurePosixPath(*module.split("."))
        return path / "__init__.py" if module in FOLDERS else path.with_suffix(".py")

    def data_file(self, folder: str) -> PurePosixPath:
        """Return the file of a folder that is not Python."""
        return PurePosixPath(*folder.split("."), "sql", "query.sql")

    def files(self) -> Iterator[tuple[PurePosixPath, str]]:
        """Yield every file with its text."""
        for module in PLACES:
            if module not in self.namespaces:
                yield self.file(module), self._text(module)
        for folder in sorted(self.data):
            yield self.data_file(folder), f"SELECT '{folder}';\n"

    def reaches(self) -> Mapping[str, set[PurePosixPath]]:
        """Return every file that the run of each flow depends on."""
        return {flow: self._reach(flow) for flow in self.flows}

    def _reach(self, flow: str) -> set[PurePosixPath]:
        waiting, reached = [flow], {flow}
        while waiting:
            module = waiting.pop()
            for name in self._next(module) - reached:
                reached.add(name)
                waiting.append(name)
        files = {self.file(module) for module in reached if module not in self.namespaces}
        # A folder that holds no Python gives its files to the one above it.
        return files | {
            self.data_file(folder) for folder in self.data if self._owner(folder) in reached
        }

    def _next(self, module: str) -> set[str]:
        found = {module.rpartition(".")[0]} - {""}
        for edge in self.edges:
            if edge.importer == module and edge.style != NOT_AT_RUN_TIME:
                found.add(edge.imported)
                if edge.style == "beneath":
                    found |= {each for each in PLACES if each.startswith(f"{edge.imported}.")}
        return found

    def _owner(self, folder: str) -> str:
        """Return the nearest folder that holds Python itself."""
        while folder in self.namespaces and not any(
            each.rpartition(".")[0] == folder and each not in FOLDERS for each in PLACES
        ):
            folder = folder.rpartition(".")[0]
        return folder

    def _text(self, module: str) -> str:
        lines: list[str] = []
        for number, edge in enumerate(self.edges):
            if edge.importer == module:
                lines += _statement(edge, self.namespaces, number)
        return "\n".join([*lines, "NAME = 1", ""])


def _statement(edge: Edge, namespaces: frozenset[str], number: int) -> Sequence[str]:
    """Return the lines of an import in its style, or in the nearest that Python has for it."""
    importer, imported = edge.importer, edge.imported
    parent, _, last = imported.rpartition(".")
    match edge.style:
        case "absolute":
            return [f"import {imported}"]
        case "alias":
            return [f"import {imported} as alias_{number}"]
        case "name" | "star" if imported not in namespaces:
            return [f"from {imported} import {'*' if edge.style == 'star' else 'NAME'}"]
        case "relative" if importer.partition(".")[0] == imported.partition(".")[0] and parent:
            return [_relative(importer, parent, last, number)]
        case "in_function":
            return [f"def function_{number}() -> None:", f"    import {imported}"]
        case "type_checking":
            return ["import typing", "if typing.TYPE_CHECKING:", f"    import {imported}"]
        case "constant":
            return ["import importlib", f'importlib.import_module("{imported}")']
        case "beneath":
            return [
                "import importlib",
                f"def function_{number}(name: str) -> None:",
                f'    importlib.import_module(f"{imported}.{{name}}")',
            ]
    return [f"from {parent} import {last}" if parent else f"import {imported}"]


def _relative(importer: str, parent: str, last: str, number: int) -> str:
    """Return a relative import: `from ..deep import three as alias_1`."""
    package = importer if importer in FOLDERS else importer.rpartition(".")[0]
    dots = "."
    while parent != package and not parent.startswith(f"{package}."):
        package, dots = package.rpartition(".")[0], dots + "."
    return f"from {dots}{parent[len(package) + 1:]} import {last} as alias_{number}"


def write(root: Path, files: Mapping[PurePosixPath, str]) -> None:
    """Write files into a folder."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Make any graph."""
    edges = draw(
        st.lists(
            st.builds(
                Edge, st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(STYLES)
            ),
            min_size=6,
            max_size=16,
        )
    )
    optional = [folder for folder in FOLDERS if "." in folder]
    namespaces = frozenset(draw(st.sets(st.sampled_from(optional))))
    data = frozenset(draw(st.sets(st.sampled_from(FOLDERS))))
    flows = [place for place in PLACES if place.startswith("flows.") and place not in namespaces]
    kept = tuple(
        edge
        for edge in dict.fromkeys(edges)
        if edge.importer not in namespaces
        and edge.importer != edge.imported
        and (edge.style != "beneath" or edge.imported in FOLDERS)
    )
    return Graph(namespaces, kept, data, tuple(flows))
