"""`python -m infrastructure.local`: start, look at, end and empty the local stack."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from infrastructure.local import postgres
from infrastructure.local.addresses import LOOPBACK, read_addresses
from infrastructure.local.folder import Folder, StackError
from infrastructure.local.stack import DEFAULT_ROOT, Stack, join_or_start, stop, temporary_stack
from infrastructure.local.state import is_held, read_state

NOT_RUNNING = 3
"""As service managers answer: https://refspecs.linuxbase.org/LSB_3.1.1/LSB-Core-generic/LSB-Core-generic/iniscrptact.html"""

DESCRIPTION = """\
Redshift, AWS and Prefect on this machine, on loopback only, for one repository.
Its data lies in .local/ in the repository's root and survives every restart."""


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command and return the exit status."""
    own, for_psql = _split(sys.argv[1:] if arguments is None else arguments)
    options = _reader().parse_args(own, argparse.Namespace(arguments=for_psql))
    try:
        status: int = options.action(options)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _reader() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(
        prog="python -m infrastructure.local",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reader.add_argument(
        "--root", type=Path, default=DEFAULT_ROOT, help="data folder (default: .local here)"
    )
    commands = reader.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start the stack, and keep it until `down`")
    up.add_argument("--no-prefect", action="store_true", help="without Prefect: ready sooner")
    up.set_defaults(action=_up)
    for name, action, line in (
        ("status", _status, "say what runs and where; exit status 3 when nothing does"),
        ("down", _down, "end the stack; its data stays"),
    ):
        commands.add_parser(name, help=line, description=line).set_defaults(action=action)
    reset = commands.add_parser("reset", help="end the stack and delete its data")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.set_defaults(action=_reset)
    for name, action, line in (
        ("run", _run, "run a command with a temporary stack of its own; nothing is left behind"),
        ("join", _run_joined, "run a command with the stack of `up`; starts it when needed"),
    ):
        usage = f"python -m infrastructure.local {name} [--no-prefect] -- COMMAND ..."
        lending = commands.add_parser(name, help=line, usage=usage)
        lending.add_argument("--no-prefect", action="store_true", help="without Prefect: faster")
        lending.add_argument("command", nargs="+", metavar="COMMAND")
        lending.set_defaults(action=action)
    psql = commands.add_parser("psql", help="open psql on the warehouse: psql [ARGUMENTS OF PSQL]")
    psql.set_defaults(action=_psql)
    return reader


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part our arguments from psql's own, which may look like ours (`-h`, `--help`)."""
    if "psql" not in arguments or {"run", "join"} & set(arguments[: arguments.index("psql")]):
        return arguments, []
    after = arguments.index("psql") + 1
    return arguments[:after], arguments[after:]


def _up(options: argparse.Namespace) -> int:
    _describe(join_or_start(options.root, idle_seconds=None, prefect=not options.no_prefect))
    return 0


def _status(options: argparse.Namespace) -> int:
    folder = Folder(options.root.resolve())
    state = read_state(folder) if is_held(folder.life_lock) else None
    if state is None:
        print(f"The local stack is not running (data: {folder.root}).")
        return NOT_RUNNING
    print(f"The local stack is {state.phase}, since {state.started}.")
    for name, process in state.parts.items():
        print(f"  {name:<10} process {process.pid:<8} log {folder.log(name)}")
    if state.phase == "ready":
        variables = read_addresses(folder).variables(prefect=state.prefect)
        _describe(Stack(folder.root, variables))
    return 0


def _down(options: argparse.Namespace) -> int:
    ended = stop(options.root)
    print("The local stack has ended; its data stays." if ended else "Nothing was running.")
    return 0


def _reset(options: argparse.Namespace) -> int:
    root: Path = options.root.resolve()
    if not options.yes:
        answer = input(f"Delete everything in {root}? Type yes: ") if sys.stdin.isatty() else ""
        if answer != "yes":
            print("Nothing was deleted. Without a terminal: reset --yes", file=sys.stderr)
            return 1
    stop(root)
    shutil.rmtree(root, ignore_errors=True)
    print(f"{root} is gone.")
    return 0


def _run(options: argparse.Namespace) -> int:
    with temporary_stack(prefect=not options.no_prefect) as stack:
        return _run_with(stack, options.command)


def _run_joined(options: argparse.Namespace) -> int:
    stack = join_or_start(
        options.root,
        prefect=not options.no_prefect,
        announce=lambda line: print(line, file=sys.stderr),
    )
    return _run_with(stack, options.command)


def _run_with(stack: Stack, command: list[str]) -> int:
    """Run a command that finds a stack in its environment; return its exit status."""
    try:
        done = subprocess.run(command, env={**os.environ, **stack.variables})
    except OSError as error:
        raise StackError(f"{command[0]} cannot be run: {error.strerror}") from error
    # As shells do for a command that a signal has ended.
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _psql(options: argparse.Namespace) -> int:
    stack = join_or_start(
        options.root,
        # SQL needs no Prefect, but whoever comes next may.
        prefect=not is_held(Folder(options.root.resolve()).life_lock),
        announce=lambda line: print(line, file=sys.stderr),
    )
    program = str(postgres.binary("psql"))
    password = {"PGPASSWORD": stack.variables["REDSHIFT_PASSWORD"]}
    os.execve(
        program,
        [program, _address(stack), *options.arguments],
        {**os.environ, **password},
    )


def _address(stack: Stack) -> str:
    """Return the warehouse's address as libpq reads it, without the password."""
    variables = stack.variables
    return (
        f"postgresql://{variables['REDSHIFT_USERNAME']}@{LOOPBACK}:{variables['REDSHIFT_PORT']}"
        f"/{variables['REDSHIFT_DB']}"
    )


def _own_command(root: Path) -> str:
    """Return what to type, here and now, for another command on the same stack."""
    python = Path(sys.executable)
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    where = [] if root == DEFAULT_ROOT else ["--root", str(root)]
    return shlex.join([str(python), "-m", "infrastructure.local", *where])


def _describe(stack: Stack) -> None:
    """Print where everything is."""
    variables = stack.variables
    if "PREFECT_API_URL" in variables:
        print(f"Prefect   {variables['PREFECT_API_URL'].removesuffix('/api')}")
    print(f"Redshift  {_address(stack)}")
    print(f"S3        {variables['AWS_ENDPOINT_URL']}  bucket s3://{variables['S3_TEMP_BUCKET']}")
    print(f"Password  REDSHIFT_PASSWORD in {Folder(stack.root).addresses}")
    print(f"SQL       {_own_command(stack.root)} psql")
    print(f"Stop      {_own_command(stack.root)} down")


if __name__ == "__main__":
    sys.exit(main())
