"""YAML read with its lines."""

import datetime
import math
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import Node, ScalarNode, SequenceNode

from deployments.declaration.located import Items, Moment, Section
from deployments.declaration.problems import Problems, Where, shown

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is 8 times faster
TEXT = "tag:yaml.org,2002:str"
QUOTES = "Quote texts that hold a colon, a brace or a star."
MERGE = "tag:yaml.org,2002:merge"


def read_located(path: Path, problems: Problems) -> Section | None:
    """Return what a file holds; None when it cannot be read, which is a problem then."""
    try:
        node = LOADER(path.read_bytes()).get_single_node()
    except FileNotFoundError:
        reason, line = "the file does not exist. Run this in the repository's root.", 1
    except OSError as error:
        reason, line = f"the file cannot be read: {error.strerror}.", 1
    except yaml.YAMLError as error:
        reason, line = _explain(error)
    else:
        value = _Conversion(path.name, problems).value(node) if node is not None else Section()
        if isinstance(value, Section):
            return value
        reason, line = f"found {shown(value)}, expected a mapping with keys.", 1
    problems.add(Where(path.name, line), reason)
    return None


def _explain(error: yaml.YAMLError) -> tuple[str, int]:
    """Return why a file is not YAML, and in which line."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"not YAML: {str(error).splitlines()[0]}.", 1
    mark = error.problem_mark or error.context_mark
    reason = ": ".join(part for part in (error.context, error.problem) if part)
    return f"not YAML: {reason}. {QUOTES}", mark.line + 1 if mark else 1


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


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _as_json(value: datetime.date) -> Moment:
    """Return what Prefect makes of a date or a time in a parameter, which is what pydantic does."""
    text = value.isoformat()
    return Moment(text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text)
