"""Where a module makes flows, in every way of writing it that leaves one at module level.

    @flow                                   decorated, sync or async
    @flow(name="nightly")                   with options
    nightly = flow(function)                converted
    nightly = flow(name="nightly")(function)
    nightly = a_flow.with_options(name="nightly")

A method or a function within a function is no entrypoint, and neither is what stands under
`if __name__ == "__main__":`.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deployments.catalog.decorator import FlowNames

Function = ast.FunctionDef | ast.AsyncFunctionDef
Options = Mapping[str | None, ast.expr]


@dataclass(frozen=True)
class Written:
    """One flow as it is written.

    Attributes:
        name: that the module has for it.
        called: the function that a run calls.
        definition: of that function; None when it is not in the module.
        options: of the decorator; None is the key of `**options`.
        line: of `def`, or of the assignment.
    """

    name: str
    called: str
    definition: Function | None
    options: Options
    line: int


def written_flows(tree: ast.Module) -> dict[str, Written]:
    """Return the flows of a module by the name that it has for them; the last one of a name wins."""
    statements = list(module_level(tree.body))
    names = FlowNames(statements)
    functions: dict[str, Function] = {}
    flows: dict[str, Written] = {}
    for node in statements:
        if isinstance(node, Function):
            functions[node.name] = node
            options = [_options(decorator, names) for decorator in node.decorator_list]
            if (given := next((each for each in options if each is not None), None)) is not None:
                flows[node.name] = Written(node.name, node.name, node, given, node.lineno)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    made = _called(target.id, node.value, names, functions, flows)
                    flows |= {target.id: made} if made else {}
    return flows


def module_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when the module is imported, those of `if` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            if not _is_main(node.test):
                yield from module_level(node.body)
            yield from module_level(node.orelse)
        elif isinstance(node, ast.Try):
            yield from module_level(node.body)
            for handler in node.handlers:
                yield from module_level(handler.body)
            yield from module_level(node.orelse + node.finalbody)
        elif isinstance(node, ast.With):
            yield from module_level(node.body)


def _called(
    name: str,
    call: ast.Call,
    names: FlowNames,
    functions: Mapping[str, Function],
    flows: Mapping[str, Written],
) -> Written | None:
    """Return the flow that a call makes; None when it makes none."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "with_options":
        owner = call.func.value
        if isinstance(owner, ast.Name) and (origin := flows.get(owner.id)):
            merged = {**origin.options, **_given(call.keywords)}
            return Written(name, origin.called, origin.definition, merged, call.lineno)
        return None
    if len(call.args) != 1:
        return None
    options = _given(call.keywords) if names.is_flow(call.func) else _options(call.func, names)
    if options is None:
        return None
    function = call.args[0]
    if isinstance(function, ast.Name) and (node := functions.get(function.id)):
        return Written(name, node.name, node, options, node.lineno)
    called = (names.dotted(function) or name).rpartition(".")[2]
    return Written(name, called, None, options, call.lineno)


def _options(decorator: ast.expr, names: FlowNames) -> Options | None:
    """Return what a decorator is given; None when it is not Prefect's `flow`."""
    if names.is_flow(decorator):
        return {}
    if isinstance(decorator, ast.Call) and names.is_flow(decorator.func) and not decorator.args:
        return _given(decorator.keywords)
    return None


def _given(keywords: Sequence[ast.keyword]) -> Options:
    return {keyword.arg: keyword.value for keyword in keywords}


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )
