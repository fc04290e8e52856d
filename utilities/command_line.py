"""Run a flow from a terminal: `python -m flows.x --help`, with nothing configured.

A flow's signature and docstring are its command line. When no warehouse is configured the local
stack is joined, or started first; the flow itself cannot tell the difference.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App, Parameter
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer

from utilities.errors import FlowError
from utilities.settings import is_warehouse_configured, load_settings

if TYPE_CHECKING:
    from prefect import Flow

HELP_COLUMNS = (
    ColumnSpec(renderer=lambda entry: " ".join(entry.display_labels), style="cyclopts.name"),
    ColumnSpec(renderer=lambda entry: (entry.metavar or "").lower()),
    ColumnSpec(renderer=DescriptionRenderer()),
)


def run(flow: "Flow[..., Any]") -> None:
    """Parse the arguments of this process as the parameters of a flow, and run it.

    Ends the process with status 1, and the error's message as the last line, when the flow fails
    for a reason that this repository explains.
    """
    file = Path(sys.argv[0])
    module = file.parent.name if file.stem == "__main__" else file.stem
    app = App(
        name=f"python -m flows.{module}",
        version_flags=[],
        help_format="markdown",
        help_formatter=DefaultFormatter(column_specs=HELP_COLUMNS),
        default_parameter=Parameter(negative=()),
    )
    app.default(_entry(flow))
    try:
        app()
    except FlowError as error:
        sys.exit(f"\n{type(error).__name__}: {error}")


def _entry(flow: "Flow[..., Any]") -> Callable[..., None]:
    @wraps(flow.fn)
    def entry(*args: Any, **kwargs: Any) -> None:
        if not is_warehouse_configured():
            _use_local_stack()
        flow(*args, **kwargs)

    entry.__annotations__ = {**flow.fn.__annotations__, "return": None}
    return entry


def _use_local_stack() -> None:
    from prefect.context import refresh_global_settings_context

    join_local_stack("REDSHIFT_HOST")
    refresh_global_settings_context()
    _ensure_prefect_objects()


def join_local_stack(missing: str) -> None:
    """Join the local stack, or start it first, and put its addresses into the environment.

    Ends the process with status 1 when it cannot be started.

    Args:
        missing: the variable whose absence is the reason; named to the person.
    """
    from infrastructure.local.folder import StackError
    from infrastructure.local.stack import join_or_start

    def announce(line: str) -> None:
        print(line, file=sys.stderr)

    announce(f"{missing} is not set: using the local stack.")
    try:
        stack = join_or_start(announce=announce)
    except StackError as error:
        sys.exit(f"The local stack could not be started: {error}")
    announce(
        "To stop it: python -m infrastructure.local down (a stack that a flow has started ends by "
        "itself after an hour without a client)."
    )
    os.environ.update(stack.variables)


def _ensure_prefect_objects() -> None:
    """Do what `python -m blocks apply` does elsewhere, so that a laptop needs no preparation."""
    from httpx import HTTPError

    from blocks import ensure_limits

    try:
        ensure_limits(load_settings())
    except HTTPError as error:
        sys.exit(
            f"The local Prefect server did not take its limits ({type(error).__name__}). "
            "Its log: .local/logs/prefect.log"
        )
