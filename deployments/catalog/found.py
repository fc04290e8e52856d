"""What is known of a flow from its text alone."""

from dataclasses import dataclass
from functools import cached_property
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
        is_known: False when its file is not Python, so that the rest is a guess.
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
    is_known: bool = True

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
    """A file that is not Python, or a flow of it that nobody can tell without running it.

    Attributes:
        file: from the repository's root.
        line: in the file.
        reason: what is wrong there.
        module: of a file that is not Python; empty for the others.
    """

    file: PurePosixPath
    line: int
    reason: str
    module: str = ""


@dataclass(frozen=True)
class Catalog:
    """Every flow, in the order of files and lines, and the files that could not be read."""

    flows: tuple[CatalogFlow, ...]
    unreadable: tuple[Unreadable, ...] = ()

    def by_entrypoint(self, entrypoint: str) -> CatalogFlow | None:
        """Return the flow that an entrypoint names.

        Of a file that is not Python it is a flow of which nothing is known but where it is: its
        deployment is still declared, and cannot be deployed until the file is mended.
        """
        return self._by_entrypoint.get(entrypoint) or self._unknown(entrypoint)

    @cached_property
    def _by_entrypoint(self) -> dict[str, CatalogFlow]:
        return {flow.entrypoint: flow for flow in self.flows}

    def _unknown(self, entrypoint: str) -> CatalogFlow | None:
        file, _, function = entrypoint.partition(":")
        for each in self.unreadable:
            if each.module and str(each.file) == file and function:
                return CatalogFlow(
                    name=function,
                    function=function,
                    module=each.module,
                    file=each.file,
                    line=each.line,
                    description="",
                    parameters=(),
                    takes_any_parameter=True,
                    is_known=False,
                )
        return None
