"""Kinds of values that hold others: lists, mappings with known keys and with any keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.declaration.kinds import INVALID, Kind
from deployments.declaration.located import Items, Section, item_label
from deployments.declaration.problems import Problems, Where, nearest, suggestion


@dataclass(frozen=True)
class AnyOf(Kind):
    """A value of one of several kinds, told apart by YAML's types."""

    kinds: tuple[Kind, ...]

    def fits(self, value: Any) -> bool:
        return any(kind.fits(value) for kind in self.kinds)

    def expected(self) -> str:
        return ", or ".join(dict.fromkeys(kind.expected() for kind in self.kinds))

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        for kind in self.kinds:
            if kind.fits(value):
                return kind.read(value, where, problems)
        return super().read(value, where, problems)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [kind.schema() for kind in self.kinds]}


@dataclass(frozen=True)
class ListOf(Kind):
    """A list of values of one kind."""

    kind: Kind
    types = (Items,)

    def expected(self) -> str:
        return f"a list, each item {self.kind.expected()}"

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        read = Items(value.line)
        for number, (item, line) in enumerate(zip(value, value.lines, strict=True)):
            kept = self.kind.read(item, where.child(item_label(item, number), line), problems)
            if kept is not INVALID:
                read.put(kept, line)
        return read

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.kind.schema()}


@dataclass(frozen=True)
class MapOf(Kind):
    """A mapping from names that the user chooses."""

    kind: Kind
    what: str = "a mapping of names to values"
    types = (Section,)

    def expected(self) -> str:
        return self.what

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        read = Section(value.line)
        for key, item in value.items():
            line = value.lines[key]
            kept = self.kind.read(item, where.child(key, line), problems)
            if kept is not INVALID:
                read.put(key, kept, line)
        return read

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.kind.schema()}


@dataclass(frozen=True)
class Key:
    """One key of a Shape.

    Attributes:
        kind: of its value.
        description: that an editor shows.
        required: whether it has to be there.
        may_be_empty: whether `key:` without a value says as much as no key.
    """

    kind: Kind
    description: str
    required: bool = False
    may_be_empty: bool = False


@dataclass(frozen=True)
class Shape(Kind):
    """A mapping with known keys.

    Attributes:
        keys: that it knows.
        refused: keys that one could expect here, with the reason and the alternative.
        ignored_prefix: of keys that are left alone.
        others: kind of all other keys; None when there are to be no others.
        one_of: groups of keys of which exactly one has to be there.
    """

    keys: Mapping[str, Key]
    refused: Mapping[str, str] = field(default_factory=dict)
    ignored_prefix: str | None = None
    others: Kind | None = None
    one_of: tuple[str, ...] = ()
    types = (Section,)

    def expected(self) -> str:
        some = ", ".join(list(self.keys)[:3])
        return f"a mapping with keys such as {some}" if some else "a mapping"

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        read = Section(value.line)
        for name, item in value.items():
            place = where.child(name, value.lines[name])
            kept = self._read_key(name, item, place, problems)
            if kept is not INVALID:
                read.put(name, kept, place.line)
        self._check_presence(value, where, problems)
        return read

    def _read_key(self, name: str, item: Any, place: Where, problems: Problems) -> Any:
        if key := self.keys.get(name):
            if item is None and key.may_be_empty:
                return INVALID
            return key.kind.read(item, place, problems)
        if reason := self.refused.get(name):
            problems.add(place, f"it is not used: {reason}")
        elif self.others is not None:
            return self.others.read(item, place, problems)
        elif not (self.ignored_prefix and name.startswith(self.ignored_prefix)):
            problems.add(place, f"the key is not known.{suggestion(name, self.keys)}")
        return INVALID

    def _check_presence(self, value: Section, where: Where, problems: Problems) -> None:
        unknown = () if self.others else value.keys() - self.keys.keys()
        misspelled = {nearest(name, self.keys) for name in unknown}
        for name, key in self.keys.items():
            if key.required and name not in value and name not in misspelled:
                problems.add(where, f'"{name}" is missing: {key.description}')
        given = [name for name in self.one_of if value.get(name) is not None]
        if self.one_of and len(given) != 1 and not misspelled & set(self.one_of):
            found = " and ".join(given) or "none of them"
            problems.add(where, f"found {found}, expected exactly one of {', '.join(self.one_of)}.")

    def schema(self) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for name, key in self.keys.items():
            kind = key.kind.schema()
            if key.may_be_empty:
                kind = {"anyOf": [kind, {"type": "null"}]}
            properties[name] = {"description": key.description} | kind
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        schema["required"] = [name for name, key in self.keys.items() if key.required]
        schema["additionalProperties"] = self.others.schema() if self.others else False
        if self.others:
            properties |= dict.fromkeys(self.refused, False)
        if self.ignored_prefix:
            schema["patternProperties"] = {f"^{self.ignored_prefix}": {}}
        if self.one_of:
            schema["oneOf"] = [{"required": [name]} for name in self.one_of]
        return schema
