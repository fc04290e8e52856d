"""JSON schemas of the two files, so that editors complete and explain them.

`python -m deployments.declaration.editor_schemas` writes them again, from what validates.
"""

import json
from pathlib import Path
from typing import Any

from deployments.declaration.environments_file import ENVIRONMENTS_FILE
from deployments.declaration.prefect_file import PREFECT_FILE

FOLDER = Path(__file__).parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SHAPES = {"prefect.schema.json": PREFECT_FILE, "environments.schema.json": ENVIRONMENTS_FILE}


def editor_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas by the names of their files."""
    return {file: {"$schema": DRAFT, **shape.schema()} for file, shape in SHAPES.items()}


def write_editor_schemas(folder: Path = FOLDER) -> None:
    """Write the schemas into a folder."""
    folder.mkdir(exist_ok=True)
    for file, schema in editor_schemas().items():
        text = json.dumps(schema, indent=2) + "\n"
        (folder / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_editor_schemas()
