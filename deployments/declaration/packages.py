"""The packages that a run may import."""

from collections.abc import Sequence
from pathlib import Path

from deployments.declaration.entries import Entry
from deployments.declaration.environments_file import FILE
from deployments.declaration.located import Section
from deployments.declaration.problems import Problems, Where, suggestion


def check_packages(file: Section, entries: Sequence[Entry], root: Path, problems: Problems) -> None:
    """Report packages that do not exist, and flows that are in none of them.

    Args:
        file: environments.yaml, its shape is right.
        entries: the deployments whose flows are known.
        root: of the repository.
        problems: gets what is wrong.
    """
    if "packages" not in file:
        return
    packages = file["packages"]
    top = Where(FILE, file.lines["packages"]).child("packages", file.lines["packages"])
    for package, line in zip(packages, packages.lines, strict=True):
        if not (root / package).is_dir() and not (root / f"{package}.py").is_file():
            folders = sorted(path.name for path in root.iterdir() if path.is_dir())
            known = [name for name in folders if name.isidentifier()]
            problems.add(
                Where(FILE, line, top.parent, "packages"),
                f'found "{package}", but there is no such folder or module.{suggestion(package, known)}',
            )
    for entry in entries:
        package = entry.flow.file.parts[0]
        if package not in packages:
            problems.add(
                top,
                f'"{package}" is missing, which the flow of {entry.name} is in'
                f" (prefect.yaml:{entry.where.line}). Add it.",
            )
            break
