"""`python -m blocks COMMAND`."""

import sys

from cyclopts import App, CycloptsError, Parameter
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer

from blocks.commands import apply, plan
from utilities.errors import FlowError

HELP_COLUMNS = (
    ColumnSpec(renderer=lambda entry: " ".join(entry.display_labels), style="cyclopts.name"),
    ColumnSpec(renderer=DescriptionRenderer()),
)


def main() -> None:
    """Run one command; end with its status, or with 1 and the error's message as last line."""
    app = App(
        name="python -m blocks",
        help="Keep what Prefect holds for the flows equal to environments.yaml: work pools, "
        "queues, limits, variables, blocks, automations.",
        version_flags=[],
        help_format="markdown",
        help_formatter=DefaultFormatter(column_specs=HELP_COLUMNS),
        default_parameter=Parameter(negative=()),
    )
    for order, command in enumerate((plan, apply)):
        app.command(command, sort_key=order)
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
