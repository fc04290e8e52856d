"""Names that have to differ, also in the form that they have at Prefect."""

from collections.abc import Sequence

from deployments.declaration.problems import Problems, Where
from deployments.identity import Identity


def check_live_names(names: Sequence[str], places: Sequence[Where], problems: Problems) -> None:
    """Report names that are equal, or become so in the name of a live deployment."""
    first: dict[str, tuple[str, int]] = {}
    for name, place in zip(names, places, strict=True):
        live = Identity("", "", name, "").live_name
        if live not in first:
            first[live] = (name, place.line)
            continue
        other, line = first[live]
        same = "this name" if other == name else f'"{other}", which becomes the same at Prefect,'
        problems.add(
            place,
            f'found "{name}", but {same} stands in line {line}. Give one of the two a suffix of its'
            " own, such as -hourly.",
        )
