"""The flows of one module, from its syntax tree."""

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from deployments.catalog.found import CatalogFlow, Parameter, Unreadable
from deployments.catalog.written import Function, Written, module_level, written_flows


@dataclass(frozen=True)
class Place:
    """Where a module is; see `CatalogFlow` for its attributes."""

    file: PurePosixPath
    module: str
    own_image: PurePosixPath | None


def parse(content: bytes) -> ast.Module:
    """Return the syntax tree of a file.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is not Python that this interpreter
            can read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(content)


@cache
def read_flows(
    content: bytes, place: Place
) -> tuple[tuple[CatalogFlow, ...], tuple[Unreadable, ...]]:
    """Return the flows of a module, and what keeps others from being read.

    Two states of a repository have most modules in common: each content is read once.
    """
    try:
        tree = parse(content)
    except SyntaxError as error:
        return (), (Unreadable(place.file, error.lineno or 1, error.msg, place.module),)
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or "it is nested too deeply"
        return (), (Unreadable(place.file, 1, reason, place.module),)
    texts = dict(_texts(tree))
    flows: list[CatalogFlow] = []
    unreadable: list[Unreadable] = []
    for written in written_flows(tree).values():
        name = _flow_name(written, texts)
        if name is None:
            reason = (
                f"the name of flow {written.name} is not written out, so nobody can tell it without "
                'running the file: give the decorator name="..."'
            )
            unreadable.append(Unreadable(place.file, written.line, reason))
        else:
            flows.append(_flow(written, name, texts, place))
    return tuple(flows), tuple(unreadable)


def _flow_name(written: Written, texts: Mapping[str, str]) -> str | None:
    """Return the flow's name at Prefect; None when it is known only at run time."""
    if "name" in written.options:
        return _text(written.options["name"], texts)
    if None in written.options:
        return None
    # https://github.com/PrefectHQ/prefect/blob/main/src/prefect/flows.py: Flow.__init__
    return written.called.replace("_", "-")


def _flow(written: Written, name: str, texts: Mapping[str, str], place: Place) -> CatalogFlow:
    definition = written.definition
    description = written.options.get("description")
    return CatalogFlow(
        name=name,
        function=written.name,
        module=place.module,
        file=place.file,
        line=written.line,
        description=(_text(description, texts) if description else None)
        or (ast.get_docstring(definition) if definition else None)
        or "",
        parameters=tuple(_parameters(definition)) if definition else (),
        takes_any_parameter=definition is None or definition.args.kwarg is not None,
        own_image=place.own_image,
    )


def _parameters(definition: Function) -> Iterator[Parameter]:
    arguments = definition.args
    positional = arguments.posonlyargs + arguments.args
    missing = [None] * (len(positional) - len(arguments.defaults))
    defaults = [*missing, *arguments.defaults, *arguments.kw_defaults]
    for argument, default in zip(positional + arguments.kwonlyargs, defaults, strict=True):
        yield Parameter(
            argument.arg,
            ast.unparse(argument.annotation) if argument.annotation else None,
            ast.unparse(default) if default else None,
        )


def _texts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names of a module that stand for a text, with the text."""
    for node in module_level(tree.body):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                text = _text(node.value, {}) if node.value else None
                if isinstance(target, ast.Name) and text is not None:
                    yield target.id, text


def _text(node: ast.expr, texts: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return texts.get(node.id) if isinstance(node, ast.Name) else None
