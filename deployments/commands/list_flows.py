"""`python -m deployments list`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deployments.catalog import Catalog, CatalogFlow
from deployments.catalog.finding import find_flows
from deployments.declaration import Declaration
from deployments.declaration.reading import read_declaration
from deployments.fingerprint import Dependencies
from deployments.fingerprint.reading import dependencies
from deployments.git import project_files
from deployments.output import print_json, print_table, print_text
from utilities.errors import DeclarationInvalid

COLUMNS = ("flow", "file", "deployments", "parameters", "what it does")

Deployed = Mapping[str, Sequence[str]]


def list_flows(*, json: bool = False) -> None:
    """Show every flow: its file, its deployments, its parameters, what it does.

    Flows are read as text and not imported, so one whose packages are missing is listed too. Tells
    also which flows have no deployment, which files could not be read, and where a module is
    imported by a name that only a run knows. A parameter in brackets has a default.

    Args:
        json: print for machines.
    """
    root = Path.cwd()
    files = project_files(root)
    catalog = find_flows(root, files)
    deployed: Deployed = {}
    depends: Mapping[str, Dependencies] = {}
    invalid = None
    try:
        declaration = read_declaration(root, catalog)
        deployed = _deployed(declaration)
        depends = dependencies(root, declaration.packages, catalog.flows, files)
    except DeclarationInvalid as error:
        invalid = error
    if json:
        print_json(_content(catalog, deployed, depends))
    else:
        print_table(COLUMNS, (_row(flow, deployed) for flow in catalog.flows))
        for note in _notes(catalog, deployed, depends):
            print_text(note)
    if invalid:
        # The flows are what one needs to see to mend it.
        raise invalid


def _deployed(declaration: Declaration) -> dict[str, list[str]]:
    """Return the deployments of each entrypoint."""
    names: dict[str, dict[str, None]] = {}
    for environment in declaration.environments.values():
        for each in environment.configurations:
            names.setdefault(each.entrypoint, {})[each.name] = None
    return {entrypoint: list(each) for entrypoint, each in names.items()}


def _row(flow: CatalogFlow, deployed: Deployed) -> tuple[str, ...]:
    parameters = [
        each.name if each.default is None else f"[{each.name}]" for each in flow.parameters
    ]
    return (
        flow.name,
        f"{flow.file}:{flow.line}",
        ", ".join(deployed.get(flow.entrypoint, ())) or "-",
        " ".join([*parameters, *(["..."] if flow.takes_any_parameter else [])]),
        flow.description.partition("\n")[0],
    )


def _notes(
    catalog: Catalog, deployed: Deployed, depends: Mapping[str, Dependencies]
) -> Iterator[str]:
    without = [flow.name for flow in catalog.flows if flow.entrypoint not in deployed]
    if deployed and without:
        yield f"\nWithout a deployment: {', '.join(without)}"
    if catalog.unreadable:
        yield "\nNot readable:"
    for each in catalog.unreadable:
        yield f"  {each.file}:{each.line}: {each.reason}"
    found = dict.fromkeys(each for one in depends.values() for each in one.dynamic_imports)
    if found:
        yield "\nImports whose module only a run knows; all that they may reach counts as imported:"
    for dynamic in found:
        yield f"  {dynamic.file}:{dynamic.line}: anything in {dynamic.reaches}"
    undeclared = dict.fromkeys(each for one in depends.values() for each in one.undeclared)
    if undeclared:
        yield "\nNot among the packages of environments.yaml, so what changes there goes unseen:"
    for leaving in undeclared:
        yield f"  {leaving.package}, imported by {leaving.file}"


def _content(
    catalog: Catalog, deployed: Deployed, depends: Mapping[str, Dependencies]
) -> dict[str, Any]:
    return {
        "flows": [
            {
                "name": flow.name,
                "entrypoint": flow.entrypoint,
                "file": str(flow.file),
                "line": flow.line,
                "description": flow.description,
                "parameters": [asdict(each) for each in flow.parameters],
                "takes_any_parameter": flow.takes_any_parameter,
                "own_image": str(flow.own_image) if flow.own_image else None,
                "deployments": list(deployed.get(flow.entrypoint, ())),
                **_imports(depends.get(flow.entrypoint)),
            }
            for flow in catalog.flows
        ],
        "unreadable": [{**asdict(each), "file": str(each.file)} for each in catalog.unreadable],
    }


def _imports(depends: Dependencies | None) -> dict[str, Any]:
    """Return what a person should know of what a flow imports, the same keys always."""
    dynamic = depends.dynamic_imports if depends else ()
    undeclared = depends.undeclared if depends else ()
    return {
        "dynamic_imports": [{**asdict(each), "file": str(each.file)} for each in dynamic],
        "undeclared": [{**asdict(each), "file": str(each.file)} for each in undeclared],
    }
