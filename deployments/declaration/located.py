"""YAML with its lines: plain mappings and lists that know where each of their values stands."""

import datetime
import math
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import Node, ScalarNode, SequenceNode

from deployments.declaration.problems import Problems, Where, shown

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is 8 times faster
TEXT = "tag:yaml.org,2002:str"
MERGE = "tag:yaml.org,2002:merge"


class Moment(str):
    """A date or a time that stands in a file without quotes, as Prefect writes it into JSON."""


class Section(dict[str, Any]):
    """A mapping of a file.

    Attributes:
        line: of its first key.
        lines: of each key.
    """

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        """Set a key with its line."""
        self[key] = value
        self.lines[key] = line


class Items(list[Any]):
    """A list of a file.

    Attributes:
        line: of its first item.
        lines: of each item.
    """

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def put(self, value: Any, line: int) -> None:
        """Append an item with its line."""
        self.append(value)
        self.lines.append(line)


def read_located(path: Path, problems: Problems) -> Section | None:
    """Return what a file holds; None when it cannot be read, which is a problem then."""
    top = Where(path.name, 1)
    try:
        node = LOADER(path.read_bytes()).get_single_node()
    except FileNotFoundError:
        problems.add(top, "the file does not exist. Run this in the repository's root.")
        return None
    except OSError as error:
        problems.add(top, f"the file cannot be read: {error.strerror}.")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Where(path.name, mark.line + 1 if mark else 1)
        problems.add(
            at,
            f"not YAML: {error.problem or error.context}. Quote texts that hold a"
            " colon, a brace or a star.",
        )
        return None
    except yaml.YAMLError as error:
        problems.add(top, f"not YAML: {str(error).splitlines()[0]}.")
        return None
    value = _Conversion(path.name, problems).value(node) if node is not None else Section()
    if not isinstance(value, Section):
        problems.add(top, f"found {shown(value)}, expected a mapping with keys.")
        return None
    return value


class _Conversion:
    """From YAML's nodes to values, each node once however many aliases it has."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems
        self._scalars = SafeConstructor()
        self._done: dict[int, Any] = {}

    def value(self, node: Node) -> Any:
        if isinstance(node, ScalarNode):
            return node.value if node.tag == TEXT else self._scalar(node)
        if id(node) not in self._done:
            self._done[id(node)] = None  # what an alias of itself would find
            sequence = isinstance(node, SequenceNode)
            self._done[id(node)] = self._items(node) if sequence else self._section(node)
        elif self._done[id(node)] is None:
            self._problem(node, "the anchor holds an alias of itself. Write the value out.")
        return self._done[id(node)]

    def _items(self, node: Node) -> Items:
        items = Items(_line(node))
        for child in node.value:
            items.put(self.value(child), _line(child))
        return items

    def _section(self, node: Node) -> Section:
        section = Section(_line(node))
        merged: list[Section] = []
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                merged += self._merged(value_node)
                continue
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            if key in section:
                first = section.lines[key]
                again = f'the key "{key}" stands here a second time (first in line {first}).'
                self._problem(key_node, f"{again} Remove one of the two.")
                continue
            section.put(key, self.value(value_node), _line(key_node))
        for other in merged:
            for key, value in other.items():
                if key not in section:
                    section.put(key, value, other.lines[key])
        return section

    def _merged(self, node: Node) -> list[Section]:
        value = self.value(node)
        sections = value if isinstance(value, Items) else [value]
        if all(isinstance(section, Section) for section in sections):
            return list(sections)
        self._problem(node, f"<<: found {shown(value)}, expected an alias of a mapping (*name).")
        return []

    def _scalar(self, node: ScalarNode) -> Any:
        try:
            value = self._scalars.construct_object(node)
        except (ConstructorError, ValueError) as error:
            reason = error.problem if isinstance(error, ConstructorError) else error
            self._problem(node, f"{reason}. Put the value in quotes if it is meant as text.")
            return node.value
        if isinstance(value, datetime.date):
            return _as_json(value)
        if isinstance(value, float) and not math.isfinite(value) or isinstance(value, bytes):
            self._problem(
                node,
                f"{node.value} cannot be written as JSON, which is what Prefect"
                " keeps. Put it in quotes.",
            )
            return node.value
        return value

    def _problem(self, node: Node, text: str) -> None:
        self._problems.add(Where(self._file, _line(node)), text)


def place_of(where: Where, section: Section, *keys: str) -> Where:
    """Return the place of a key, or of a key below it; of the last one that is there."""
    place = where
    for key in keys:
        if key not in section:
            break
        place = place.child(key, section.lines[key])
        section = section[key]
    return place


def plain(value: Any) -> Any:
    """Return a value as JSON has it, without its lines."""
    if isinstance(value, Section):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Items):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Moment) else value


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _as_json(value: datetime.date) -> Moment:
    """Return what Prefect makes of a date or a time in a parameter, which is what pydantic does."""
    text = value.isoformat()
    return Moment(text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text)
