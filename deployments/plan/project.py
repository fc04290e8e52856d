"""The name of the project, read before anything else: Prefect can be asked meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import yaml

from deployments.declaration.prefect_file import FILE


def find_project(root: Path) -> str | None:
    """Return `name` of prefect.yaml, without reading further; None when it is not found so.

    What is wrong with the file is told by those who read it whole.
    """
    try:
        with (root / FILE).open(encoding="utf-8") as file:
            outermost = _outermost(file)
            return next((value for key, value in zip(outermost, outermost) if key == "name"), None)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None


def _outermost(file: IO[str]) -> Iterator[str | None]:
    """Yield keys and values of the outermost mapping in turn; None for what is no text."""
    depth = 0
    for event in yaml.parse(file, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.CollectionStartEvent):
            if depth == 1:
                yield None
            depth += 1
        elif isinstance(event, yaml.NodeEvent) and depth == 1:
            yield event.value if isinstance(event, yaml.ScalarEvent) else None
