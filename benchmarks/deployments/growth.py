"""What does not need the other side: how cost grows, and how long `changed` takes."""

from pathlib import Path

from benchmarks.deployments import server
from benchmarks.deployments.commands import Commands
from benchmarks.deployments.repository import make_repository
from benchmarks.deployments.rounds import REPEATS, Measured

SIZES = (50, 100, 200, 400)
CHANGED_FLOWS = 200
CHANGED_MODULES = 800


def measure_growth(folder: Path, modules: int, into: Measured) -> None:
    """Measure first and second applies of more and more deployments, each number on a fresh server:
    one that makes runs for the deployments before would be slower for those that follow.

    Args:
        folder: empty.
        modules: of each repository.
        into: gets the seconds, by `apply first, 50` and `apply nothing to do, 50`.
    """
    for size in SIZES:
        with server.fresh_server() as stack:
            repository = make_repository(folder / str(size), f"n{size}", size, modules)
            commands = Commands(repository, stack.variables["PREFECT_API_URL"], folder)
            into.seconds[f"apply first, {size}"].append(commands.apply())
            server.wait_for_runs(stack, repository.project, size)
            for _ in range(REPEATS):
                into.seconds[f"apply nothing to do, {size}"].append(commands.apply())


def measure_changed(folder: Path, into: Measured) -> None:
    """Measure `changed` for a thousand modules, one of which differs from the commit before.

    Args:
        folder: empty.
        into: gets the seconds.
    """
    repository = make_repository(folder / "changed", "changed", CHANGED_FLOWS, CHANGED_MODULES)
    repository.edit("edit")
    commands = Commands(repository, "", folder)
    into.seconds["changed, 1,000 modules"] += [commands.changed() for _ in range(REPEATS)]
