"""What is known of a flow from its text alone."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Parameter:
    """One parameter of a flow.

    Attributes:
        name: as in the signature.
        annotation: its type as written; None without one.
        default: as written; None when it has none, so that a run has to be given it.
    """

    name: str
    annotation: str | None
    default: str | None


@dataclass(frozen=True)
class CatalogFlow:
    """One flow.

    Attributes:
        name: at Prefect: as given to the decorator, else the function's name with hyphens.
        function: in its module.
        module: `flows.van_contacts`; a package's `__init__` is the package.
        file: from the repository's root.
        line: of `def`.
        description: as Prefect shows it: given to the decorator, else the cleaned docstring; empty
            without one.
        parameters: in the order of the signature.
        takes_any_parameter: whether the signature ends in `**kwargs`.
        own_image: folder of a requirements.txt or Dockerfile of its own; None when it runs in
            the root image.
    """

    name: str
    function: str
    module: str
    file: PurePosixPath
    line: int
    description: str
    parameters: tuple[Parameter, ...]
    takes_any_parameter: bool = False
    own_image: PurePosixPath | None = None

    @property
    def entrypoint(self) -> str:
        """What prefect.yaml calls it."""
        return f"{self.file}:{self.function}"

    @property
    def hyphenated(self) -> str:
        """The name that its deployments begin with."""
        return self.name.replace("_", "-")


@dataclass(frozen=True)
class Unreadable:
    """A file that is not Python, or a flow of it that nobody can tell without running it."""

    file: PurePosixPath
    line: int
    reason: str


@dataclass(frozen=True)
class Catalog:
    """Every flow, in the order of files and lines, and the files that could not be read."""

    flows: tuple[CatalogFlow, ...]
    unreadable: tuple[Unreadable, ...] = ()

    def by_entrypoint(self, entrypoint: str) -> CatalogFlow | None:
        """Return the flow that an entrypoint names."""
        return next((flow for flow in self.flows if flow.entrypoint == entrypoint), None)
