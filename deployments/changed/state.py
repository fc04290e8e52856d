"""One state of the repository: the working tree, or the files of a commit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from deployments.catalog.finding import find_flows
from deployments.declaration import Configuration, Declaration
from deployments.declaration.reading import read_declaration
from deployments.fingerprint import Dependencies
from deployments.fingerprint.reading import content_hash, dependencies

DECLARING = ("prefect.yaml", "environments.yaml")


@dataclass(frozen=True)
class State:
    """What one state declares and depends on.

    Attributes:
        root: its folder.
        files: all of them.
        declaration: of its deployments.
        dependencies: of each, by entrypoint.
    """

    root: Path
    files: frozenset[PurePosixPath]
    declaration: Declaration
    dependencies: Mapping[str, Dependencies]

    @cached_property
    def by_environment(self) -> Mapping[str, Mapping[str, Configuration]]:
        """Every configuration: by environment, then by deployment."""
        return {
            environment.name: {each.name: each for each in environment.configurations}
            for environment in self.declaration.environments.values()
        }

    @cached_property
    def entrypoints(self) -> Mapping[str, str]:
        """Entrypoint of each deployment, in the order of prefect.yaml."""
        return {each.name: each.entrypoint for each in configurations(self.declaration)}

    @cached_property
    def _contents(self) -> dict[PurePosixPath, str]:
        return {
            file: content
            for depends in self.dependencies.values()
            for file, content in depends.files.items()
        }

    def content(self, file: PurePosixPath) -> str | None:
        """Return what tells a file's content from another; None when there is no such file."""
        if file not in self._contents and file in self.files:
            self._contents[file] = content_hash(self.root / file)
        return self._contents.get(file)

    def differing(self, other: "State", environment: str, name: str) -> Iterator[str]:
        """Yield the keys in which a deployment differs from that of another state.

        Both have the environment and the deployment.
        """
        here, there = self._place(environment), other._place(environment)
        yield from (key for key in here if here[key] != there[key])
        mine = self.by_environment[environment][name]
        others = other.by_environment[environment][name]
        # Much quicker than to compare key by key, and the usual case.
        if replace(mine, line=0) != replace(others, line=0):
            content, was = self._content(mine), other._content(others)
            yield from (key for key in content if content[key] != was[key])

    def _place(self, environment: str) -> Mapping[str, str | None]:
        """Return what every deployment of an environment is called after."""
        branch = self.declaration.environments[environment].branch
        return {"name": self.declaration.project, "branch": branch}

    def _content(self, configuration: Configuration) -> Mapping[str, Any]:
        content: Mapping[str, Any] = _without(str(self.root.resolve()), configuration.content())
        return content


def read_state(root: Path, files: Sequence[PurePosixPath]) -> State:
    """Read a state.

    Raises:
        DeclarationInvalid: prefect.yaml or environments.yaml is.
    """
    catalog = find_flows(root, files)
    declaration = read_declaration(root, catalog)
    entrypoints = {each.entrypoint for each in configurations(declaration)}
    flows = [flow for each in sorted(entrypoints) if (flow := catalog.by_entrypoint(each))]
    depends = dependencies(root, declaration.packages, flows, files)
    return State(root, frozenset(files), declaration, depends)


def configurations(declaration: Declaration) -> Iterator[Configuration]:
    """Yield every configuration of every environment."""
    for environment in declaration.environments.values():
        yield from environment.configurations


def _without(root: str, value: Any) -> Any:
    """Replace the folder of the repository, which says nothing, wherever a value names it."""
    match value:
        case str():
            return value.replace(root, ".")
        case dict():
            return {key: _without(root, each) for key, each in value.items()}
        case list() | tuple():
            return [_without(root, each) for each in value]
    return value
