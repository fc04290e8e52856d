"""Read back from a live deployment what it runs."""

from dataclasses import dataclass

from deployments.identity import Release
from deployments.live import LiveDeployment

DIRTY = "-dirty"


@dataclass(frozen=True)
class Told:
    """What a live deployment tells of itself; None for what somebody removed from it.

    Attributes:
        commit: full hash.
        is_dirty: whether files differed from the commit.
        package_version: of pyproject.toml at that commit.
        branch: that the commit was on, as git spells it.
        number: of its version.
        fingerprint: of its code.
        configuration: digest of its configuration.
        image: address with tag; None too where runs need no image.
    """

    commit: str | None
    is_dirty: bool
    package_version: str | None
    branch: str | None
    number: int | None
    fingerprint: str | None
    configuration: str | None
    image: str | None

    @property
    def image_tag(self) -> str | None:
        """The image without its repository."""
        if self.image is None:
            return None
        name = self.image.rpartition("/")[2]
        return name.partition(":")[2] or "latest"


def told(live: LiveDeployment) -> Told:
    """Read back commit, branch, fingerprint and image of a live deployment."""
    release = live.release or Release("", "", "")
    version = live.version
    return Told(
        commit=release.commit.removesuffix(DIRTY) or None,
        is_dirty=release.commit.endswith(DIRTY),
        package_version=release.package_version or None,
        branch=release.branch or None,
        number=version.number if version else None,
        fingerprint=version.fingerprint if version else None,
        configuration=version.configuration if version else None,
        image=live.image,
    )
