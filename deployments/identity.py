"""How a deployment is named, tagged and versioned, and how that is read back.

A live deployment carries its own history: its name says where it belongs, its tags which commit
it runs, its version which fingerprint and configuration it was given.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

SEPARATOR = "--"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]+")
VERSION = re.compile(r"v(\d+)-([0-9a-f]{16})-([0-9a-f]{12})")

LABEL_PROJECT = "deployments.project"
LABEL_ENVIRONMENT = "deployments.environment"
LABEL_BRANCH = "deployments.branch"
LABEL_NAME = "deployments.name"


@dataclass(frozen=True)
class Identity:
    """Which deployment this is: never changes while it lives.

    Attributes:
        project: `name` of prefect.yaml.
        branch: as git spells it, slashes included.
        name: of the deployment in prefect.yaml: its flow's name with hyphens.
        environment: in environments.yaml.
    """

    project: str
    branch: str
    name: str
    environment: str

    @property
    def live_name(self) -> str:
        """Its name at Prefect, and in a run as DEPLOYMENT_NAME."""
        parts = (self.project, self.branch, self.name, self.environment)
        return SEPARATOR.join(_part(part) for part in parts)

    @property
    def labels(self) -> dict[str, str]:
        """What Prefect keeps from its creation on; proves that we made it."""
        return {
            LABEL_PROJECT: self.project,
            LABEL_ENVIRONMENT: self.environment,
            LABEL_BRANCH: self.branch,
            LABEL_NAME: self.name,
        }

    @classmethod
    def from_labels(cls, labels: Mapping[str, Any]) -> Self | None:
        """Return whose deployment has these labels; None when it was not made here."""
        keys = (LABEL_PROJECT, LABEL_BRANCH, LABEL_NAME, LABEL_ENVIRONMENT)
        values = [labels.get(key) for key in keys]
        if not all(isinstance(value, str) for value in values):
            return None
        return cls(*map(str, values))


@dataclass(frozen=True)
class Release:
    """Which state of the repository a deployment runs.

    Attributes:
        commit: full hash; ends in `-dirty` when files differed from it.
        package_version: of pyproject.toml.
        branch: that the commit was on.
    """

    commit: str
    package_version: str
    branch: str

    def tags(self, project: str) -> list[str]:
        """Return the tags that tell it."""
        return [
            f"COMMIT_HASH={self.commit}",
            f"PACKAGE_VERSION={self.package_version}",
            f"PROJECT_NAME={project}",
            f"BRANCH_NAME={self.branch}",
        ]

    @classmethod
    def from_tags(cls, tags: Iterable[str]) -> Self | None:
        """Read it back; None when a tag is missing."""
        told = dict(tag.partition("=")[::2] for tag in tags)
        try:
            return cls(told["COMMIT_HASH"], told["PACKAGE_VERSION"], told["BRANCH_NAME"])
        except KeyError:
            return None


@dataclass(frozen=True)
class Version:
    """What `version` of a live deployment says.

    Attributes:
        number: 1 for the first, one more with each change.
        fingerprint: of the code, 16 hexadecimal digits.
        configuration: of the declared configuration, 12 hexadecimal digits.
    """

    number: int
    fingerprint: str
    configuration: str

    def __str__(self) -> str:
        return f"v{self.number}-{self.fingerprint}-{self.configuration}"

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Return the version that a text tells; None when we did not write it."""
        if match := VERSION.fullmatch(text or ""):
            return cls(int(match[1]), match[2], match[3])
        return None


def digest(value: Any) -> str:
    """Return 12 hexadecimal digits that are equal for equal JSON values."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _part(text: str) -> str:
    """Make a text fit between two separators: `feature/x` becomes `feature-x`."""
    return NOT_IN_NAMES.sub("-", text).strip("-")
