"""The process that imports flows: for each entrypoint read from its input, a line of JSON.

It runs as a script of its own, away from the process that asks, because importing Prefect and
the flows is slow, and because a flow's module may do anything: print, change the process, end
it. What comes back is what `prefect deploy` would send, with one difference: when a module cannot
be imported, Prefect goes on with what it can guess from the text, and here the flow has failed.

Only the standard library and Prefect are imported, so that nothing of ours is mixed into what
the flows import.
"""

import json
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path.cwd().resolve()
INSTALLED = tuple(
    Path(sysconfig.get_path(kind)).resolve() for kind in ("stdlib", "purelib", "platlib")
)

LONGEST_REASON = 600
"""Characters; some exceptions tell everything that they looked at."""


def main() -> None:
    """Answer until there are no more questions."""
    questions, answers = _take_over(0, "r"), _take_over(1, "w")
    from prefect.flows import Flow, load_flow_from_entrypoint
    from prefect.utilities.callables import parameter_schema
    from pydantic_core import to_jsonable_python

    def look(entrypoint: str) -> dict[str, Any]:
        flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
        schema = parameter_schema(flow).model_dump(exclude_unset=True)
        return {"flow": flow.name, "parameters": to_jsonable_python(schema)}

    print("ready", file=answers, flush=True)
    for line in questions:
        entrypoint = json.loads(line)
        with _clean_up_after():
            try:
                answer = json.dumps(look(entrypoint), allow_nan=False)
            # A module may raise anything, SystemExit included.
            except BaseException as error:
                answer = json.dumps(_failure(error, entrypoint))
        print(answer, file=answers, flush=True)


def _take_over(number: int, mode: str) -> IO[str]:
    """Keep a standard stream for us alone: to what is imported it is empty."""
    ours = os.fdopen(os.dup(number), mode, encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, number)
    os.close(nothing)
    return ours


@contextmanager
def _clean_up_after() -> Iterator[None]:
    """Let the next flow find what it would find in a process of its own.

    Prefect puts a flow's folder at the head of the path and leaves it there, and names the module
    after its file: `flows/a/rows.py`, imported as `rows`, is not the `rows` of `flows/b`.
    """
    path, known = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - known:
        origin = getattr(getattr(sys.modules[name], "__spec__", None), "origin", None)
        if origin and _is_ours(Path(origin)) and not _is_named_after_place(name, Path(origin)):
            del sys.modules[name]


def _is_named_after_place(name: str, origin: Path) -> bool:
    place = origin.resolve().relative_to(ROOT).with_suffix("")
    parts = place.parts[:-1] if place.name == "__init__" else place.parts
    return name == ".".join(parts)


def _is_ours(file: Path) -> bool:
    file = file.resolve()
    return (
        file.is_file()
        and file.is_relative_to(ROOT)
        and not any(map(file.is_relative_to, INSTALLED))
    )


def _failure(error: BaseException, entrypoint: str) -> dict[str, Any]:
    """Say what went wrong, and where in the repository."""
    # Prefect wraps what the module raised.
    cause = getattr(error, "user_exc", None) or error
    reason = " ".join(traceback.format_exception_only(cause)[-1].split())
    return {"reason": reason[:LONGEST_REASON], "place": _place(cause, entrypoint)}


def _place(error: BaseException, entrypoint: str) -> str:
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    for file, line in reversed(places):
        if file != __file__ and _is_ours(Path(file)):
            return f"{Path(file).resolve().relative_to(ROOT).as_posix()}:{line or 1}"
    return f"{entrypoint.rpartition(':')[0]}:1"


if __name__ == "__main__":
    main()
