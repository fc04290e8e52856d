"""`python -m deployments COMMAND`: one module of `deployments.commands` each, loaded when asked for."""

import sys
from collections.abc import Callable
from importlib import import_module

from cyclopts import App, CycloptsError, Parameter
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer

from utilities.errors import FlowError

COMMANDS = {
    "list": "list_flows:list_flows",
    "changed": "changed:changed",
    "plan": "plan:plan",
    "apply": "apply:apply",
    "run": "run:run",
    "status": "status:status",
    "history": "history:history",
    "promote": "promote:promote",
    "rollback": "rollback:rollback",
    "images": "images:images",
    "redeploy": "redeploy:redeploy",
    "new": "new:new",
}
"""Where each is, in the order of their use. A command returns its exit status, or None for 0."""

HELP_COLUMNS = (
    ColumnSpec(renderer=lambda entry: " ".join(entry.display_labels), style="cyclopts.name"),
    ColumnSpec(renderer=DescriptionRenderer()),
)


def main() -> None:
    """Run one command; end with its status, or with 1 and the error's message as last line."""
    app = App(
        name="python -m deployments",
        help="Keep a Prefect workspace equal to this repository, touching only what differs.",
        version_flags=[],
        help_format="markdown",
        help_formatter=DefaultFormatter(column_specs=HELP_COLUMNS),
        default_parameter=Parameter(negative=()),
    )
    asked = [name for name in sys.argv[1:2] if name in COMMANDS]
    for order, name in enumerate(asked or COMMANDS):
        app.command(_load(name), name=name, sort_key=order)
    try:
        status = app(result_action="return_value", exit_on_error=False)
    except CycloptsError:
        # Already printed. Not cyclopts' own status 2, which `plan` has for changes.
        sys.exit(1)
    except FlowError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status or 0)


def _load(name: str) -> Callable[..., int | None]:
    module, _, function = COMMANDS[name].partition(":")
    command: Callable[..., int | None] = getattr(
        import_module(f"deployments.commands.{module}"), function
    )
    return command
