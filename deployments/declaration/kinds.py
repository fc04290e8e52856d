"""What a value of a file may look like: one description that validates and completes in editors.

Each kind reads a value (returning it without what is wrong, which it reports) and tells its JSON
schema, so that the two cannot differ.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from deployments.declaration.located import Items, Moment, Section
from deployments.declaration.problems import Problems, Where, shown, suggestion

INVALID: Any = object()
"""What a kind returns for a value that it reported."""


class Kind(ABC):
    """One kind of value."""

    types: ClassVar[tuple[type, ...]] = ()
    """Python's types of such values, as YAML reads them."""

    @abstractmethod
    def expected(self) -> str:
        """Return what a message says was expected."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of such values."""

    def fits(self, value: Any) -> bool:
        """Return whether a value has one of the types."""
        return type(value) in self.types

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        """Return a value as far as it is right, INVALID when nothing of it is."""
        if not self.fits(value):
            problems.add(where, f"found {shown(value)}, expected {self.expected()}.")
            return INVALID
        return value


@dataclass(frozen=True)
class Text(Kind):
    """A text."""

    what: str = "a text"
    may_be_blank: bool = False
    types = (str,)

    def expected(self) -> str:
        return self.what

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        if type(value) in (int, float, bool, Moment):
            problems.add(
                where, f"found {shown(value)}, expected {self.expected()}: write it in" " quotes."
            )
            return INVALID
        if value == "" and not self.may_be_blank:
            problems.add(where, f"found an empty text, expected {self.expected()}.")
            return INVALID
        return super().read(value, where, problems)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"} | ({} if self.may_be_blank else {"minLength": 1})


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few texts."""

    choices: tuple[str, ...]
    types = (str,)

    def expected(self) -> str:
        return " or ".join(self.choices)

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID or value in self.choices:
            return value
        problems.add(
            where,
            f"found {shown(value)}, expected {self.expected()}."
            f"{suggestion(value, self.choices)}",
        )
        return INVALID

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.choices)}


class Boolean(Kind):
    """true or false."""

    types = (bool,)

    def expected(self) -> str:
        return "true or false"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number within bounds."""

    minimum: int
    maximum: int | None = None
    types = (int,)

    def expected(self) -> str:
        if self.maximum is None:
            return f"a whole number of at least {self.minimum}"
        return f"a whole number from {self.minimum} to {self.maximum}"

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID:
            return value
        if value < self.minimum or (self.maximum is not None and value > self.maximum):
            problems.add(where, f"found {value}, expected {self.expected()}.")
            return INVALID
        return value

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": "integer"} | {k: v for k, v in bounds.items() if v is not None}


class Number(Kind):
    """Any number."""

    types = (int, float)

    def expected(self) -> str:
        return "a number"

    def schema(self) -> dict[str, Any]:
        return {"type": "number"}


class Anything(Kind):
    """Any value; what it has to be is judged elsewhere."""

    types = (str, int, float, bool, type(None), Moment, Section, Items)

    def expected(self) -> str:
        return "a value"

    def schema(self) -> dict[str, Any]:
        return {}
