"""What differs between two states of the repository, deployment by deployment."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from deployments.fingerprint import Broken

Change = Literal["added", "removed", "changed"]
How = Literal["modified", "added", "deleted", "renamed", "reached", "no longer reached"]


@dataclass(frozen=True)
class CodeReason:
    """One file that a deployment's run depends on and that differs.

    Attributes:
        file: where it is now; of a deleted one, where it was.
        how: what happened to it; it was reached, or no longer is, when it did not change itself.
        reached_by: module that imports it, or package that it belongs to; None for the flow's own
            file and for what the image is built from.
        renamed_from: where it was; None unless it was renamed.
    """

    file: PurePosixPath
    how: How
    reached_by: str | None
    renamed_from: PurePosixPath | None = None

    def told(self, quote: str = "") -> str:
        """Return it as a line, with a quote around each name."""
        notes: list[str] = [] if self.how in ("modified", "renamed") else [self.how]
        if self.renamed_from:
            notes.append(f"renamed from {quote}{self.renamed_from}{quote}")
        if self.reached_by:
            relation = "imported by" if self.file.suffix == ".py" else "belongs to"
            notes.append(f"{relation} {quote}{self.reached_by}{quote}")
        return f"{quote}{self.file}{quote}" + (f" ({', '.join(notes)})" if notes else "")


@dataclass(frozen=True)
class ConfigurationReason:
    """What differs in what the two files say of a deployment.

    Attributes:
        files: of the two, those that differ.
        keys: that differ, or why they cannot be compared.
        environments: in which; empty when in all.
    """

    files: tuple[str, ...]
    keys: tuple[str, ...]
    environments: tuple[str, ...] = ()

    def told(self, quote: str = "") -> str:
        """Return it as a line, with a quote around each file."""
        where = f" in {', '.join(self.environments)}" if self.environments else ""
        files = " and ".join(f"{quote}{file}{quote}" for file in self.files)
        return f"{files} ({', '.join(self.keys)}{where})"


@dataclass(frozen=True)
class DeploymentChange:
    """One deployment that differs.

    Attributes:
        name: in prefect.yaml.
        entrypoint: now; of a removed one, what it was.
        change: whether it is new, gone, or there on both sides.
        code: why its fingerprint differs.
        configuration: why its configuration differs.
        renamed: of an added one its former name, of a removed one its new name.
        broken: files that are not Python, so that it cannot be deployed.
    """

    name: str
    entrypoint: str
    change: Change
    code: tuple[CodeReason, ...] = ()
    configuration: tuple[ConfigurationReason, ...] = ()
    renamed: str | None = None
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that differs.

    Attributes:
        base: as it was asked for.
        commit: that the working tree was compared with: where base and HEAD part.
        deployments: that differ, in the order of prefect.yaml, removed ones last.
        unchanged: how many do not.
    """

    base: str
    commit: str
    deployments: tuple[DeploymentChange, ...]
    unchanged: int
