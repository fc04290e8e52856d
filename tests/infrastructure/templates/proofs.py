"""A rule is worth something when it finds fault with a template that was broken for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.infrastructure.templates.declared import parameters
from tests.infrastructure.templates.reader import DELETED, changed, read_template
from tests.infrastructure.templates.resolver import Resolved, resolve

Rule = Callable[[Resolved], list[str]]
NETWORK = "fixed_egress_ecs"


@dataclass(frozen=True)
class Broken:
    """A template with one thing wrong in it.

    Attributes:
        rule: that notices.
        path: of what is changed, from the template's resources on.
        found: part of what the rule says.
        to: the new value; without it, what was there is taken away.
        template: which of the repository's it is made from.
        chosen: parameters beside those of production.
    """

    rule: Rule
    path: tuple[str | int, ...]
    found: str
    to: Any = DELETED
    template: str = NETWORK
    chosen: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule.__name__}: {'.'.join(str(key) for key in self.path)}"

    def findings(self) -> list[str]:
        """What the rule says of it."""
        broken = changed(read_template(self.template), "Resources", *self.path, to=self.to)
        return self.rule(resolve(broken, parameters(self.template, "production", **self.chosen)))
