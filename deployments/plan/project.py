"""The name of the project, read before anything else: Prefect can be asked meanwhile."""

from pathlib import Path

import yaml

from deployments.declaration.prefect_file import FILE


def find_project(root: Path) -> str | None:
    """Return `name` of prefect.yaml, without reading further; None when it is not found so.

    What is wrong with the file is told by those who read it whole.
    """
    try:
        with (root / FILE).open(encoding="utf-8") as file:
            depth, is_name = 0, False
            for event in yaml.parse(file, Loader=yaml.CSafeLoader):
                if isinstance(event, yaml.ScalarEvent) and depth == 1:
                    if is_name:
                        return str(event.value)
                    is_name = event.value == "name"
                elif isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return None
