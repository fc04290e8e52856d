"""What the names of a module stand for, as far as its text tells."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One of what an expression holds: what a loop over it gives.

    Attributes:
        holder: the expression.
        place: of a loop over pairs or triples, which of them; None for the whole.
    """

    holder: ast.expr
    place: int | None = None


Value = ast.expr | Item | None
"""What a name was given; None for what only a run knows, such as an argument."""

ADDING = frozenset({"add", "append", "extend", "insert", "setdefault", "update"})
"""Methods after which a list, set or dictionary holds more than what is written."""


class Bindings:
    """Names of one module, whichever function they are in: one more value is never wrong here.

    Attributes:
        module: the module's own name.
        package: the package that its relative imports start from.
        imported: what a name was imported as, in full.
        values: everything that a name was given otherwise.
    """

    def __init__(self, tree: ast.Module, module: str, *, is_package: bool) -> None:
        self.module = module
        self.package = module if is_package else module.rpartition(".")[0]
        self.imported: dict[str, str] = {"__import__": "builtins.__import__"}
        self.stars: list[tuple[ast.ImportFrom, str]] = []
        self.values: dict[str, list[Value]] = {}
        for node in ast.walk(tree):
            self._import(node)
            for name, value in _given(node):
                self.values.setdefault(name, []).append(value)
        for name, values in self.values.items():
            if len(values) == 1 and isinstance(values[0], ast.expr):
                if origin := self.dotted(values[0]):
                    self.imported.setdefault(name, origin)

    def dotted(self, node: ast.expr) -> str | None:
        """Return what a name or attribute was imported as: of `il.import_module` it is
        `importlib.import_module`."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id)
        if isinstance(node, ast.Attribute) and (owner := self.dotted(node.value)):
            return f"{owner}.{node.attr}"
        return None

    def absolute(self, level: int, name: str) -> str:
        """Return the full name of a relative import: of `from ..x` in `a.b.c` it is `a.x`."""
        if not level:
            return name
        start = self.package.split(".")
        return ".".join([*start[: len(start) - level + 1], *([name] if name else [])])

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                self.imported[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom):
            origin = self.absolute(node.level, node.module or "")
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append((node, origin))
                else:
                    self.imported[alias.asname or alias.name] = f"{origin}.{alias.name}"


def _given(node: ast.AST) -> Iterator[tuple[str, Value]]:
    """Yield the names that a node gives a value, imports apart."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _spread(target, node.value)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
        yield from _spread(node.target, node.value)
    elif isinstance(node, ast.AugAssign):
        yield from _spread(node.target, None)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from _spread(node.target, Item(node.iter))
    elif isinstance(node, ast.withitem) and node.optional_vars:
        yield from _spread(node.optional_vars, None)
    elif isinstance(node, ast.arg):
        yield node.arg, None
    elif isinstance(node, ast.Attribute) and node.attr in ADDING:
        yield from _spread(node.value, None)


def _spread(target: ast.expr, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Subscript):
        yield from _spread(target.value, None)
    elif isinstance(target, ast.Tuple | ast.List):
        for place, part in enumerate(target.elts):
            if isinstance(value, Item) and value.place is None:
                yield from _spread(part, Item(value.holder, place))
            else:
                yield from _spread(part, None)
