"""Which names of a module mean Prefect's `flow`, however it was imported."""

import ast
from collections.abc import Iterator, Sequence

FLOW = frozenset({"prefect.flow", "prefect.flows.flow"})
MODULES = frozenset({"prefect", "prefect.flows"})


class FlowNames:
    """Names that a module's own statements have for Prefect's decorator, and for what they import.

    Attributes:
        means: what a name of the module was imported as: `f` is `prefect.flow`.
    """

    def __init__(self, statements: Sequence[ast.stmt]) -> None:
        self.means: dict[str, str] = {}
        for node in statements:
            self.means.update(_imported(node))
        for node in statements:
            if isinstance(node, ast.Assign) and self.is_flow(node.value):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                self.means.update(dict.fromkeys(names, "prefect.flow"))

    def is_flow(self, node: ast.expr) -> bool:
        """Return whether an expression is the decorator itself."""
        return self.dotted(node) in FLOW

    def dotted(self, node: ast.expr) -> str | None:
        """Return what a name or an attribute stands for: of `p.flow` it is `prefect.flow`."""
        if isinstance(node, ast.Name):
            return self.means.get(node.id)
        if isinstance(node, ast.Attribute) and (owner := self.dotted(node.value)):
            return f"{owner}.{node.attr}"
        return None


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname:
                yield alias.asname, alias.name
            else:
                package = alias.name.partition(".")[0]
                yield package, package
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            if alias.name != "*":
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
            elif node.module in MODULES:
                yield "flow", "prefect.flow"
