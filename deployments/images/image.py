"""One image to build, and how."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

ROOT = "root"
"""The name of the image that every flow without its own runs in."""


@dataclass(frozen=True)
class Image:
    """One image to build.

    Attributes:
        name: `root`, or that of the flow whose own image it is.
        repository: address of its repository.
        tag: in the repository.
        dockerfile: from the repository's root; None when `dockerfile_inline` is one.
        dockerfile_inline: text of a Dockerfile, for a flow that has a requirements.txt alone.
        context: folder that it is built in, from the repository's root.
        base: root image that it stands on; None for the root image.
        build_args: for the build.
        needs: names of images that have to be built before it.
        is_rebuild: the same commit once more, so that no cached layer may be used.
    """

    name: str
    repository: str
    tag: str
    dockerfile: str | None
    dockerfile_inline: str | None = None
    context: str = "."
    base: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    is_rebuild: bool = False

    @property
    def address(self) -> str:
        """What a deployment calls it."""
        return f"{self.repository}:{self.tag}"

    def content(self) -> dict[str, Any]:
        """Return it as one entry of a matrix."""
        content = {"image": self.address, **asdict(self)}
        content["from"] = content.pop("base")
        content["needs"] = list(self.needs)
        content["no_cache"] = content.pop("is_rebuild")
        return content
