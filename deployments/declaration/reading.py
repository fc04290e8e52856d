"""Read prefect.yaml and environments.yaml, whole: everything that is wrong, or all of it resolved."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deployments.catalog import Catalog
from deployments.declaration import environments_file, prefect_file
from deployments.declaration.configuring import configure
from deployments.declaration.declared import Declaration, Environment
from deployments.declaration.entries import Entry, read_entries
from deployments.declaration.entrypoints import Entrypoints
from deployments.declaration.environment_checks import (
    check_environment_parameters,
    check_images,
    check_overrides,
    check_platform,
    check_pools,
)
from deployments.declaration.located import Section
from deployments.declaration.packages import check_packages
from deployments.declaration.problems import Problems, Where
from deployments.declaration.shapes import Shape
from deployments.declaration.surroundings import Surroundings, read_surroundings
from deployments.declaration.templates import check_templates
from deployments.declaration.yaml_files import read_located


def read_declaration(root: Path, catalog: Catalog) -> Declaration:
    """Return what the two files of a repository say.

    Args:
        root: of the repository; holds both files.
        catalog: its flows.

    Raises:
        DeclarationInvalid: something is wrong; the message has a line for each problem of both
            files: `prefect.yaml:12: deployments.news-feeds.schedules: ...`.
    """
    problems = Problems()
    prefect = _read(root, prefect_file.FILE, prefect_file.PREFECT_FILE, problems)
    environments = _read(
        root, environments_file.FILE, environments_file.ENVIRONMENTS_FILE, problems
    )
    entries = read_entries(prefect, Entrypoints(root, catalog), problems)
    everywhere = read_surroundings(environments, root, problems)
    names = {one["name"] for one in prefect.get("deployments", ()) if "name" in one}
    flows = {entry.name: entry.flow for entry in entries}
    check_packages(environments, entries, root, problems)
    check_pools(everywhere, entries, problems)
    for here in everywhere:
        check_images(here, problems)
        check_platform(here, problems)
        check_environment_parameters(here, catalog, entries, problems)
        check_overrides(here, flows, names, problems)
    resolved = _resolve(everywhere, entries, problems)
    problems.refuse()
    return Declaration(prefect["name"], tuple(environments["packages"]), resolved)


def _resolve(
    everywhere: Sequence[Surroundings], entries: Sequence[Entry], problems: Problems
) -> dict[str, Environment]:
    written_for = _written_for(everywhere)
    resolved = {}
    for here in everywhere:
        configurations = configure(here, entries, written_for, problems)
        resolved[here.name] = Environment(here.name, here.section.get("branch"), configurations)
    return resolved


def _read(root: Path, file: str, shape: Shape, problems: Problems) -> Section:
    located = read_located(root / file, problems)
    if located is None:
        return Section()
    check_templates(located, file, problems)
    section: Section = shape.read(located, Where(file, 1), problems)
    return section


def _written_for(everywhere: Sequence[Surroundings]) -> Mapping[str, str]:
    """Return the type of pool whose job variables prefect.yaml uses, by the name of the pool.

    A pool that is called like a type is of that type, whatever an environment puts in its place;
    of another name it is the type that the first environment gives it.
    """
    types: dict[str, Any] = {}
    for here in everywhere:
        for key, pool in here.pools.items():
            types.setdefault(key, key if key in environments_file.POOL_TYPES else pool.type)
    return types
