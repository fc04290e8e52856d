"""Which images deployments need: the root image, and those of flows with packages of their own.

A flow's own image stands on the root image of the same commit, so that both hold the same code.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from deployments.catalog import Catalog
from deployments.images.image import ROOT, Image
from deployments.wanted import Wanted

DOCKERFILE = "Dockerfile"
REQUIREMENTS = "requirements.txt"
USER = 10001
"""Whom the root image runs as; what it holds is root's."""
BASE_IMAGE = "BASE_IMAGE"
"""Build argument: `ARG BASE_IMAGE` and `FROM ${BASE_IMAGE}` begin a flow's own Dockerfile."""


def needed_images(
    root: Path, catalog: Catalog, wanted: Iterable[Wanted], tag: str, *, is_rebuild: bool = False
) -> tuple[Image, ...]:
    """Return the images that deployments need, each once, a root image before what stands on it.

    Args:
        root: folder of the repository.
        catalog: its flows.
        wanted: deployments that get a new image; those that need none are passed over.
        tag: of the root image: a commit, or a commit and the name of a rebuild.
        is_rebuild: whether it is built again though nothing changed.
    """
    images: dict[str, Image] = {}
    for each in wanted:
        repository = each.configuration.image_repository
        if repository is None:
            continue
        base = Image(ROOT, repository, tag, DOCKERFILE, is_rebuild=is_rebuild)
        images.setdefault(base.address, base)
        folder = _own_folder(catalog, each)
        if each.own_image is not None and folder is not None:
            own = _own_image(root, base, each.own_image, folder)
            images.setdefault(own.address, own)
    return tuple(sorted(images.values(), key=lambda image: image.name != ROOT))


def without_built(images: Iterable[Image], existing: set[str]) -> tuple[Image, ...]:
    """Return the images that are still to be built; none of them needs one that exists.

    Args:
        images: all that are needed.
        existing: addresses of those that are known to exist.
    """
    missing = [image for image in images if image.address not in existing]
    named = {image.address for image in missing}
    return tuple(image if image.base in named else replace(image, needs=()) for image in missing)


def _own_folder(catalog: Catalog, wanted: Wanted) -> PurePosixPath | None:
    flow = catalog.by_entrypoint(wanted.configuration.entrypoint)
    return flow.own_image if flow else None


def _own_image(root: Path, base: Image, name: str, folder: PurePosixPath) -> Image:
    own = replace(base, name=name, tag=f"{base.tag}-{name}", base=base.address, needs=(base.name,))
    if (root / folder / DOCKERFILE).is_file():
        return replace(
            own,
            dockerfile=str(folder / DOCKERFILE),
            build_args={BASE_IMAGE: base.address},
        )
    return replace(own, dockerfile=None, dockerfile_inline=_recipe(base.address, folder))


def _recipe(base: str, folder: PurePosixPath) -> str:
    return (
        f"FROM {base}\n"
        "USER 0\n"
        f"COPY {folder / REQUIREMENTS} /tmp/requirements.txt\n"
        "RUN python -m pip install --no-cache-dir --requirement /tmp/requirements.txt\n"
        f"USER {USER}\n"
    )
