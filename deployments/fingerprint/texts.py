"""Which texts an expression may be, as far as a module tells: whole, or how they begin."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deployments.fingerprint.bindings import Bindings, Item, Value

LISTING = frozenset({"pkgutil.iter_modules", "pkgutil.walk_packages"})
MOST = 200
"""Texts of one expression; with more of them only a run knows."""


@dataclass(frozen=True)
class Text:
    """A text, or how it begins."""

    start: str
    is_whole: bool


ANY = (Text("", False),)


class Texts:
    """Works out the expressions of one module."""

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings

    def of(self, node: ast.expr | None, seen: frozenset[str] = frozenset()) -> Sequence[Text]:
        """Return the texts that an expression may be."""
        match node:
            case ast.Constant(value=str(text)):
                return (Text(text, True),)
            case ast.JoinedStr(values=parts):
                return _joined([self.of(part, seen) for part in parts])
            case ast.FormattedValue(value=value, format_spec=None, conversion=-1):
                return self.of(value, seen)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([self.of(left, seen), self.of(right, seen)])
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
                return (Text(text.partition("%")[0], False),)
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                return (Text(text.partition("{")[0], False),)
            case ast.IfExp(body=first, orelse=second):
                return _united([self.of(first, seen), self.of(second, seen)])
            case ast.BoolOp(values=values):
                return _united([self.of(value, seen) for value in values])
            case ast.Subscript(value=holder):
                return self.held(holder, seen)
            case ast.Name(id=name):
                return self._named(name, seen)
            case ast.Attribute(value=owner, attr="__name__" | "__package__"):
                module = self.bindings.dotted(owner)
                return (Text(module, True),) if module else ANY
            case ast.Attribute(value=ast.Name(id=name), attr="name"):
                given = self.bindings.values.get(name, [None])
                return _united([self._listed(value, None, seen) for value in given])
        return ANY

    def _named(self, name: str, seen: frozenset[str]) -> Sequence[Text]:
        if name == "__name__":
            return (Text(self.bindings.module, True),)
        if name == "__package__":
            return (Text(self.bindings.package, True),)
        if name in seen or name in self.bindings.imported or name not in self.bindings.values:
            return ANY
        known = self.bindings.values[name]
        return _united([self._given(value, seen | {name}) for value in known])

    def _given(self, value: Value, seen: frozenset[str]) -> Sequence[Text]:
        if not isinstance(value, Item):
            return self.of(value, seen)
        if value.place is not None:
            return self._listed(value, 1, seen)
        return self.held(value.holder, seen, is_loop=True)

    def _listed(self, value: Value, place: int | None, seen: frozenset[str]) -> Sequence[Text]:
        """Return the names that a loop over pkgutil's listing gives: they begin with its prefix."""
        if isinstance(value, Item) and value.place == place and isinstance(value.holder, ast.Call):
            call = value.holder
            if self.bindings.dotted(call.func) in LISTING:
                return _joined([self.of(argument(call, 1, "prefix"), seen), ANY])
        return ANY

    def held(
        self, holder: ast.expr, seen: frozenset[str] = frozenset(), *, is_loop: bool = False
    ) -> Sequence[Text]:
        """Return the texts that a list, tuple, set or dictionary holds."""
        match holder:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return _united([self.of(element, seen) for element in elements])
            case ast.Dict(keys=keys, values=values):
                return _united([self.of(each, seen) for each in (keys if is_loop else values)])
            case ast.Call(func=ast.Attribute(value=owner, attr="values"), args=[]):
                return self.held(owner, seen)
            case ast.Name(id=name) if name in self.bindings.values and name not in seen:
                return _united(
                    [
                        (
                            self.held(value, seen | {name}, is_loop=is_loop)
                            if isinstance(value, ast.expr)
                            else ANY
                        )
                        for value in self.bindings.values[name]
                    ]
                )
        return ANY


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """Return an argument of a call; None when it has none there."""
    if len(call.args) > position:
        return call.args[position]
    return next((each.value for each in call.keywords if each.arg == keyword), None)


def _united(alternatives: Iterable[Sequence[Text]]) -> Sequence[Text]:
    texts = tuple(dict.fromkeys(text for texts in alternatives for text in texts))
    return texts if 0 < len(texts) <= MOST else ANY


def _joined(parts: Iterable[Sequence[Text]]) -> Sequence[Text]:
    joined: Sequence[Text] = (Text("", True),)
    for part in parts:
        joined = _united(
            (start,) if not start.is_whole else [_add(start, end) for end in part]
            for start in joined
        )
    return joined


def _add(start: Text, end: Text) -> Text:
    return Text(start.start + end.start, end.is_whole)
