"""The files of a new flow, from the templates beside this module.

A template is the file itself with `$name` where the name goes (`string.Template`), so it can be
read and edited as what it becomes.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".template"

OF_THE_FLOW = ("__init__.py", "__main__.py", "schema.sql", "by_day.sql")
OF_THE_IMAGE = ("requirements.txt", "Dockerfile")


def render_flow(name: str, *, own_image: bool) -> dict[PurePosixPath, str]:
    """Return the text of each file of the flow and of its test, by path from the root.

    Args:
        name: of the flow, as `flow_name` returns it.
        own_image: whether it brings packages of its own.
    """
    folder = PurePosixPath("flows", name)
    files = (*OF_THE_FLOW, *(OF_THE_IMAGE if own_image else ()))
    rendered = {folder / file: _render(file, {"name": name}) for file in files}
    test = PurePosixPath("tests", "prefect", f"test_{name}.py")
    return rendered | {test: _render("test.py", {"name": name})}


def render_entry(name: str, pool: str) -> str:
    """Return the deployment as a list of one, not indented.

    Args:
        name: of the flow.
        pool: key of a work pool in environments.yaml.
    """
    values = {"name": name, "hyphenated": name.replace("_", "-"), "pool": pool}
    return _render("deployment.yaml", values)


def _render(file: str, values: Mapping[str, str]) -> str:
    template = (TEMPLATES / f"{file}{SUFFIX}").read_text(encoding="utf-8")
    return Template(template).substitute(values)
