"""The workflows and actions of the repository, as their files say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[3]
GITHUB = REPOSITORY / ".github"


class _Loader(yaml.SafeLoader):
    """Reads `on` as the word that it is: YAML 1.2, as GitHub does, has no such Boolean."""


_Loader.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        file: from .github/.
        job: its name; empty in an action.
        content: as it is written.
        env: of the job and the step together.
    """

    file: str
    job: str
    content: Mapping[str, Any]
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it."""
        return self.file, self.job, str(self.content.get("name", ""))


def read(file: Path) -> dict[str, Any]:
    """Return a workflow or an action."""
    with file.open(encoding="utf-8") as text:
        content: dict[str, Any] = yaml.load(text, _Loader)
    return content


def workflows(github: Path = GITHUB) -> dict[str, dict[str, Any]]:
    """Return every workflow, by the name of its file."""
    return {file.name: read(file) for file in sorted(github.glob("workflows/*"))}


def actions(github: Path = GITHUB) -> dict[str, dict[str, Any]]:
    """Return every action, by its folder."""
    return {file.parent.name: read(file) for file in sorted(github.glob("actions/*/action.yml"))}


def jobs(github: Path = GITHUB) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every job: file, name, content."""
    for file, workflow in workflows(github).items():
        for name, job in workflow["jobs"].items():
            yield file, name, job


def steps(github: Path = GITHUB) -> Iterator[Step]:
    """Yield every step of workflows and actions."""
    for file, name, job in jobs(github):
        for step in job.get("steps", ()):
            yield Step(file, name, step, {**job.get("env", {}), **step.get("env", {})})
    for folder, action in actions(github).items():
        for step in action["runs"]["steps"]:
            yield Step(folder, "", step, step.get("env", {}))
