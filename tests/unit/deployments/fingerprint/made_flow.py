"""A flow in a folder, and what its run depends on."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from deployments.catalog import CatalogFlow
from deployments.fingerprint import Dependencies
from deployments.fingerprint.reading import dependencies
from tests.made_imports import write


def depend(
    root: Path,
    files: Mapping[str, str],
    *,
    flow: str = "flows/orders.py",
    own_image: str | None = None,
    packages: tuple[str, ...] = ("flows", "shelf"),
) -> Dependencies:
    """Write files beside `flows/__init__.py` and `shelf/__init__.py`; return what a flow needs."""
    begin = {f"{package}/__init__.py": "" for package in ("flows", "shelf")}
    write(root, {PurePosixPath(path): text for path, text in (begin | dict(files)).items()})
    module = flow.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    folder = PurePosixPath(own_image) if own_image else None
    found = CatalogFlow("orders", "run", module, PurePosixPath(flow), 1, "", (), False, folder)
    return dependencies(root, packages, [found])[found.entrypoint]


def names(depends: Dependencies) -> list[str]:
    """Return the files, the two that are always there apart."""
    always = {"flows/__init__.py", "shelf/__init__.py"}
    return [str(file) for file in depends.files if str(file) not in always]
