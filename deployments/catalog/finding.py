"""Every flow of the repository, without importing one of them."""

from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from deployments.catalog.found import Catalog, CatalogFlow, Unreadable
from deployments.catalog.reading import Place, read_flows
from deployments.git import project_files

FOLDER = "flows"
OF_AN_IMAGE = ("requirements.txt", "Dockerfile")
"""A flow whose folder holds one of these runs in an image of its own."""

NO_MODULE = "no module can have a dot in its name: rename the file or its folder"


def find_flows(root: Path, files: Sequence[PurePosixPath] | None = None) -> Catalog:
    """Return the flows of every module in the folder `flows`, at any depth.

    Args:
        root: folder of the repository.
        files: of the repository, from there; those that git tracks or would track unless given.
    """
    known = set(project_files(root) if files is None else files)
    flows: list[CatalogFlow] = []
    unreadable: list[Unreadable] = []
    for file in sorted(known):
        if file.parts[0] != FOLDER or file.suffix != ".py":
            continue
        content = (root / file).read_bytes()
        # Whatever makes a flow names both, so most modules need not be parsed.
        if b"flow" not in content or b"prefect" not in content:
            continue
        found, failed = read_flows(content, _place(file, known))
        if found and not is_module(file):
            unreadable.append(Unreadable(file, 1, NO_MODULE))
            continue
        flows += found
        unreadable += failed
    return Catalog(tuple(sorted(flows, key=lambda flow: (flow.file, flow.line))), tuple(unreadable))


def is_module(file: PurePosixPath) -> bool:
    """Return whether a file can be imported: it is Python, and has no other dot in its path."""
    path = str(file)
    return path.endswith(".py") and "." not in path.removesuffix(".py")


def _place(file: PurePosixPath, known: Collection[PurePosixPath]) -> Place:
    folder = file.parent
    module = folder if file.name == "__init__.py" else file.with_suffix("")
    has_own = any(folder / name in known for name in OF_AN_IMAGE)
    is_shared = folder == PurePosixPath(FOLDER)
    return Place(file, ".".join(module.parts), folder if has_own and not is_shared else None)
