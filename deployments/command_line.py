"""`python -m deployments COMMAND`: one module of `deployments.commands` each, loaded when asked for."""

import sys

from cyclopts import App, Parameter
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer

from utilities.errors import FlowError

COMMANDS = {
    "list": ("list_flows:list_flows", "Flows of the repository, and the deployments of each."),
    "changed": ("changed:changed", "Deployments that differ from another commit, and why."),
    "plan": ("plan:plan", "What `apply` would do, field by field."),
    "apply": ("apply:apply", "Make the live deployments equal to the repository."),
    "status": ("status:status", "What is live: commit, image, runs, changes made by hand."),
    "history": ("history:history", "Versions of one deployment."),
    "promote": ("promote:promote", "Move what one environment has tested into another."),
    "rollback": ("rollback:rollback", "Return one deployment to the version before."),
    "images": ("images:images", "Images to build, that exist, and that nobody uses."),
    "redeploy": ("redeploy:redeploy", "Move deployments to a rebuilt image of the same code."),
    "new": ("new:new", "Write a new flow: code, SQL, test, deployment."),
}
"""Where each is and what it does, in the order of their use. A command returns its exit status, or
None for 0."""

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
    for order, (name, (place, summary)) in enumerate(COMMANDS.items()):
        app.command(f"deployments.commands.{place}", name=name, help=summary, sort_key=order)
    try:
        status = app(result_action="return_value")
    except FlowError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status or 0)
