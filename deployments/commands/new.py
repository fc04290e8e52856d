"""`python -m deployments new NAME`."""

from pathlib import Path
from typing import Any

from deployments.output import print_json, print_text
from deployments.scaffold import Scaffold, scaffold

TELLS = {
    "__init__.py": "the flow: its steps",
    "__main__.py": "lets a person run it",
    "schema.sql": "the tables that it reads and writes",
    "by_day.sql": "the query",
    "requirements.txt": "packages that it alone needs",
    "Dockerfile": "its own image",
}


def new(name: str, /, *, own_image: bool = False, json: bool = False) -> None:
    """Write a new flow: code, SQL, test and deployment. It runs, and passes `make check`, at once.

    It counts events by day, with tables of its own: put your tables and your query in their place.

    Args:
        name: of the flow: volunteer_shifts, volunteer-shifts or "Volunteer shifts".
        own_image: the flow brings packages of its own: write a requirements.txt and a Dockerfile.
        json: print for machines.
    """
    written = scaffold(Path.cwd(), name, own_image=own_image)
    if json:
        print_json(_content(written))
    else:
        print_text(_told(written))


def _content(written: Scaffold) -> dict[str, Any]:
    return {
        "flow": written.flow,
        "deployment": written.deployment,
        "written": [str(file) for file in written.files],
        "changed": ["prefect.yaml"],
    }


def _told(written: Scaffold) -> str:
    tells = {str(file): TELLS.get(file.name, "its test") for file in written.files}
    tells["prefect.yaml"] = f"its deployment, {written.deployment}, is new in it"
    width = max(map(len, tells))
    lines = [f"  {file:{width}}  {tell}" for file, tell in tells.items()]
    return "\n".join(
        [
            f"{written.flow} was written:",
            *lines,
            "",
            "Next:",
            f"  python -m flows.{written.flow}            run it on this laptop",
            f"  python -m pytest {written.test}",
            "  python -m deployments plan --environment local",
            "Give it a schedule in prefect.yaml when it should run by itself.",
        ]
    )
