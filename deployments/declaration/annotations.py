"""Whether a value fits a flow's parameter, as far as its annotation's text tells.

The parameter's JSON schema says more, but it needs the flow's module to be imported. Values are
judged as that schema would: 3 is a float, "3" is no int. What is not known here fits.
"""

import ast
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

Judge = Callable[[Any], bool]
"""Tells whether a value fits."""

REFERENCE = "__prefect_kind"
"""Key of a mapping that stands for a value which Prefect looks up."""


def fits(annotation: str, value: Any) -> bool:
    """Return False when a value certainly does not fit an annotation."""
    return _judge(annotation)(value)


@cache
def choices(annotation: str) -> tuple[str, ...]:
    """Return the texts of all Literals in an annotation."""
    tree = _parse(annotation)
    found = [] if tree is None else ast.walk(tree)
    literals = [node for node in found if isinstance(node, ast.Subscript)]
    return tuple(
        value
        for node in literals
        if _name(node.value) == "Literal"
        for value in _literal_values(node.slice)
        if isinstance(value, str)
    )


@cache
def _judge(annotation: str) -> Judge:
    tree = _parse(annotation)
    judge = _any if tree is None else _of(tree)
    return lambda value: (isinstance(value, dict) and REFERENCE in value) or judge(value)


def _parse(annotation: str) -> ast.expr | None:
    try:
        return ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return None


def _of(node: ast.expr) -> Judge:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return _judge(node.value)
        return _PLAIN["None"] if node.value is None else _any
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    if isinstance(node, ast.Subscript):
        return _subscript(_name(node.value), node.slice)
    return _PLAIN.get(_name(node), _any)


def _subscript(name: str, inner: ast.expr) -> Judge:
    arguments = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        values = _literal_values(inner)
        if len(values) < len(arguments):
            return _any
        return lambda value: any(_is_same(value, one) for one in values)
    if name == "Annotated":
        return _of(arguments[0])
    if name == "Optional":
        return _union([inner, ast.Constant(None)])
    if name == "Union":
        return _union(arguments)
    if name in ("tuple", "Tuple"):
        return _tuple(arguments)
    if name in _LISTS:
        item = _of(arguments[0])
        return lambda value: isinstance(value, list) and all(map(item, value))
    if name in _MAPPINGS and len(arguments) == 2:
        content = _of(arguments[1])
        return lambda value: isinstance(value, dict) and all(map(content, value.values()))
    return _PLAIN.get(name, _any)


def _tuple(arguments: list[ast.expr]) -> Judge:
    if len(arguments) == 2 and isinstance(arguments[1], ast.Constant):
        item = _of(arguments[0])
        return lambda value: isinstance(value, list) and all(map(item, value))
    judges = [_of(argument) for argument in arguments]

    def judge(value: Any) -> bool:
        if not isinstance(value, list) or len(value) != len(judges):
            return False
        return all(judge(item) for judge, item in zip(judges, value, strict=True))

    return judge


def _union(nodes: list[ast.expr]) -> Judge:
    judges = [_of(node) for node in nodes]
    return lambda value: any(judge(value) for judge in judges)


def _literal_values(inner: ast.expr) -> list[Any]:
    nodes = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    return [node.value for node in nodes if isinstance(node, ast.Constant)]


def _name(node: ast.expr) -> str:
    """Return `Literal` for `typing.Literal`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _any(value: Any) -> bool:
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_same(value: Any, other: Any) -> bool:
    """Return whether two values are one in JSON: 1 and 1.0 are, 1 and true are not."""
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def _is_moment(value: Any, reads: Callable[[str], date]) -> bool:
    if not isinstance(value, str):
        return False
    try:
        reads(value)
    except ValueError:
        return False
    return True


_LISTS = frozenset({"list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence"})
_MAPPINGS = frozenset({"dict", "Dict", "Mapping"})
_PLAIN: dict[str, Judge] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: _is_number(value) and value == int(value),
    "float": lambda value: _is_number(value),
    "bool": lambda value: isinstance(value, bool),
    "None": lambda value: value is None,
    "date": lambda value: _is_moment(value, date.fromisoformat),
    "datetime": lambda value: _is_moment(value, datetime.fromisoformat),
    **dict.fromkeys([*_LISTS, "tuple", "Tuple"], lambda value: isinstance(value, list)),
    **dict.fromkeys(_MAPPINGS, lambda value: isinstance(value, dict)),
}
