"""`python -m infrastructure COMMAND`: one module of `commands` each, loaded when asked for."""

import sys
from collections.abc import Callable
from importlib import import_module

from cyclopts import App, CycloptsError, Parameter
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer

from utilities.errors import FlowError

COMMANDS: dict[str, str | dict[str, str]] = {
    "plan": "plan:plan",
    "apply": "apply:apply",
    "outputs": "outputs:outputs",
    "secrets": {
        "list": "stored_secrets:list_secrets",
        "set": "stored_secrets:set_secret",
        "remove": "stored_secrets:remove_secret",
    },
    "worker": "worker:worker",
    "join": "join:join",
}
"""Where each is, in the order of their use. A command returns its exit status, or None for 0."""

STOPPED = 130

HELP_COLUMNS = (
    ColumnSpec(renderer=lambda entry: " ".join(entry.display_labels), style="cyclopts.name"),
    ColumnSpec(renderer=DescriptionRenderer()),
)


def main() -> None:
    """Run one command; end with its status, or with 1 and the error's message as last line."""
    app = _app("python -m infrastructure", "Keep at AWS what flows stand on, as declared.")
    for order, (name, place) in enumerate(COMMANDS.items()):
        if isinstance(place, str):
            app.command(_load(place), name=name, sort_key=order)
            continue
        group = _app(name, "Set and list the secrets of an environment.", order)
        for position, (each, where) in enumerate(place.items()):
            group.command(_load(where), name=each, sort_key=position)
        app.command(group)
    try:
        status = app(sys.argv[1:], result_action="return_value", exit_on_error=False)
    except CycloptsError:
        # Already printed. Not cyclopts' own status 2, which `plan` has for changes.
        sys.exit(1)
    except FlowError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        print(
            "\nStopped. What AWS has begun goes on; run the same command again to see where it is.",
            file=sys.stderr,
        )
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status or 0)


def _app(name: str, help: str, order: int = 0) -> App:
    return App(
        name=name,
        sort_key=order,
        help=help,
        version_flags=[],
        help_format="markdown",
        help_formatter=DefaultFormatter(column_specs=HELP_COLUMNS),
        default_parameter=Parameter(negative=()),
        suppress_keyboard_interrupt=False,
    )


def _load(place: str) -> Callable[..., int | None]:
    module, _, function = place.partition(":")
    command: Callable[..., int | None] = getattr(
        import_module(f"infrastructure.cloud.commands.{module}"), function
    )
    return command
