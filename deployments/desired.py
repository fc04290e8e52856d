"""What should be deployed in one environment, from the working tree alone."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deployments.catalog import Catalog, CatalogFlow
from deployments.catalog.finding import find_flows
from deployments.declaration import Configuration, Declaration, Environment
from deployments.declaration.reading import read_declaration
from deployments.fingerprint import Dependencies
from deployments.fingerprint.reading import dependencies
from deployments.git import Head, head, project_files
from deployments.identity import Identity, Release
from deployments.wanted import Wanted
from utilities.errors import DeclarationInvalid, RepositoryNotReady

DIRTY = "-dirty"


@dataclass(frozen=True)
class Desired:
    """One environment as the repository wants it.

    Attributes:
        root: folder of the repository.
        declaration: both files, every environment.
        environment: the one that this is about; its branch is that of the names.
        branch: that its deployments are named after.
        head: what is checked out.
        release: what a deployment that changes moves to.
        wanted: every deployment, in the order of prefect.yaml.
        dependencies: by entrypoint.
    """

    root: Path
    declaration: Declaration
    environment: Environment
    branch: str
    head: Head
    release: Release
    wanted: tuple[Wanted, ...]
    dependencies: Mapping[str, Dependencies]


def desired(root: Path, environment: str) -> Desired:
    """Read what the repository wants of an environment; contacts nothing.

    Raises:
        DeclarationInvalid: prefect.yaml or environments.yaml is, or there is no such environment.
        RepositoryNotReady: the folder is no git repository, or a branch is needed and none is
            checked out.
    """
    files = project_files(root)
    catalog = find_flows(root, files)
    declaration = read_declaration(root, catalog)
    chosen = choose(declaration, environment)
    at = head(root)
    branch = chosen.branch or at.branch
    if branch is None:
        raise RepositoryNotReady(
            f"{environment} is deployed from whichever branch is checked out, and none is: HEAD is "
            f"at {at.commit[:12]}. Check a branch out (git switch), or give {environment} a branch "
            "in environments.yaml."
        )
    flows = [_flow(catalog, each) for each in chosen.configurations]
    depends = dependencies(root, declaration.packages, flows, files)
    release = Release(
        at.commit + (DIRTY if at.is_dirty else ""), _package_version(root), at.branch or branch
    )
    wanted = tuple(
        _wanted(Identity(declaration.project, branch, each.name, environment), each, flow, depends)
        for each, flow in zip(chosen.configurations, flows, strict=True)
    )
    return Desired(root, declaration, chosen, branch, at, release, wanted, depends)


def choose(declaration: Declaration, environment: str) -> Environment:
    """Return one environment of a declaration.

    Raises:
        DeclarationInvalid: there is none of that name.
    """
    if chosen := declaration.environments.get(environment):
        return chosen
    raise DeclarationInvalid(
        f"environments.yaml has no environment {environment!r}; it has "
        f"{', '.join(declaration.environments)}."
    )


def _flow(catalog: Catalog, configuration: Configuration) -> CatalogFlow:
    flow = catalog.by_entrypoint(configuration.entrypoint)
    if flow is None:
        raise DeclarationInvalid(
            f"prefect.yaml:{configuration.line}: {configuration.name}: there is no flow "
            f"{configuration.entrypoint}."
        )
    return flow


def _wanted(
    identity: Identity,
    configuration: Configuration,
    flow: CatalogFlow,
    depends: Mapping[str, Dependencies],
) -> Wanted:
    return Wanted(
        identity=identity,
        flow=flow.name,
        configuration=configuration,
        fingerprint=depends[configuration.entrypoint].fingerprint,
        description=configuration.description or flow.description or None,
        own_image=flow.hyphenated if flow.own_image else None,
    )


def _package_version(root: Path) -> str:
    file = root / "pyproject.toml"
    try:
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"])
    except (FileNotFoundError, KeyError):
        return "0"
    except tomllib.TOMLDecodeError as error:
        raise RepositoryNotReady(f"{file.name} is not TOML: {error}.") from None
