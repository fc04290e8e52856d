"""Where the files may hold `{{ ... }}`: only what is still a template in the live deployment."""

import re
from typing import Any

from deployments.declaration.located import Items, Section, item_label
from deployments.declaration.problems import Problems, Where

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
AT_RUN_TIME = "ctx."
"""Prefix of placeholders that the worker fills in, for each run."""

FILLED_IN_BY_SERVER = "__prefect_kind"
"""Key of a mapping that stands for another value.
Source: prefect/utilities/schema_tools/hydration.py of Prefect 3.8.8."""

WHY = {
    "prefect.yaml": (
        "`prefect deploy` would fill it in, and the value, secrets as well, could be read in the"
        " deployment"
    ),
    "environments.yaml": "nothing fills it in here",
}


def check_templates(file: Section, name: str, problems: Problems) -> None:
    """Report templates that are not filled in by the run.

    Pull steps keep theirs: the run fills them in, so that no secret is written into the
    deployment.

    Source: `_run_single_deploy` in prefect/cli/deploy/_core.py of Prefect 3.8.8.
    """
    top = Where(name, 1)
    for key, value in file.items():
        # What stands only in definitions is nowhere; what an alias takes from there is met again.
        if key not in ("pull", "definitions") and not key.startswith("x-"):
            _check(value, top.child(key, file.lines[key]), problems)


def _check(value: Any, where: Where, problems: Problems) -> None:
    if isinstance(value, str):
        if "{{" in value:
            _check_text(value, where, problems)
    elif isinstance(value, Section):
        for key, item in value.items():
            if key == FILLED_IN_BY_SERVER:
                problems.add(
                    where.child(key, value.lines[key]),
                    "Prefect's server would put another value in its place, so that what is live "
                    "never equals what is declared. Write the value out.",
                )
            elif key != "pull":
                _check(item, where.child(key, value.lines[key]), problems)
    elif isinstance(value, Items):
        for number, (item, line) in enumerate(zip(value, value.lines, strict=True)):
            _check(item, where.child(item_label(item, number), line), problems)


def _check_text(text: str, where: Where, problems: Problems) -> None:
    for inner in PLACEHOLDER.findall(text):
        if not inner.startswith(AT_RUN_TIME):
            problems.add(
                where,
                f"found the template {{{{ {inner} }}}}: {WHY[where.file]}. Write the value out, or"
                " let the flow or the work pool's template look it up.",
            )
