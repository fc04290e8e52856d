"""Nothing is carried out that nobody has agreed to."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infrastructure.cloud.choosing import require_consent
from tests.infrastructure.cloud.commands import HERE, Commands, Repository
from tests.local.stack.clients import until
from tests.scripted_server import Silence, scripted_server
from utilities.errors import ChangeRefused

LABS = ("--environment", "labs", "--only", "container_registry")


def test_without_a_terminal_consent_is_an_option(
    commands: Commands, repository: Repository, cloudformation: Any
) -> None:
    """A pipeline cannot answer; the plan is printed all the same."""
    ended = commands("apply", *LABS)
    assert ended.status == 1
    assert "  create image repository: Repository\n" in ended.output
    assert ended.errors == (
        "ParameterInvalid: Nobody can be asked whether to carry this out: standard input is no "
        "terminal. Nothing was changed. Add --yes to do it without being asked.\n"
    )
    assert commands("plan", *LABS).status == 2
    assert commands("apply", *LABS, "--yes").status == 0
    # With nothing to do, nobody is asked.
    assert commands("apply", *LABS).status == 0


def test_a_stack_whose_sources_are_missing_is_not_begun(
    commands: Commands, repository: Repository
) -> None:
    """The way out is told before anybody is asked."""
    only = ("--environment", "labs", "--only", "fixed_egress_ecs")
    assert commands("plan", *only).status == 2
    ended = commands("apply", *only, "--yes")
    project = repository.project
    assert ended.errors == (
        "ParameterInvalid: --only fixed_egress_ecs: it needs outputs of "
        f"{project}-storage-labs and {project}-container-registry, which give none yet. Add --only "
        "storage --only container_registry, or leave --only out.\n"
    )


@pytest.fixture
def type_(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], int]]:
    """A terminal, and a person who types there."""
    person, terminal = pty.openpty()
    with open(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield lambda keys: os.write(person, keys)
    os.close(person)


@pytest.mark.parametrize("keys", [b"y\n", b"yes\n", b"Y\n"])
def test_yes_is_yes(type_: Callable[[bytes], int], keys: bytes) -> None:
    """In a terminal a person is asked."""
    type_(keys)
    require_consent("Carry this out?", is_given=False)


@pytest.mark.parametrize("keys", [b"\n", b"n\n", b"yep\n", b"\x04"])
def test_everything_else_is_no(type_: Callable[[bytes], int], keys: bytes) -> None:
    """Also nothing, and the end of input."""
    type_(keys)
    with pytest.raises(ChangeRefused, match="The answer was not yes. Nothing was changed."):
        require_consent("Carry this out?", is_given=False)


def test_an_interrupt_says_what_goes_on(repository: Repository) -> None:
    """AWS does not stop because somebody stopped watching."""
    with scripted_server() as silent:
        silent.script(Silence())
        process = subprocess.Popen(
            [sys.executable, "-m", "infrastructure", "plan", *LABS],
            cwd=repository.root,
            env={
                **os.environ,
                "PYTHONPATH": str(HERE),
                "AWS_ENDPOINT_URL": silent.url,
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": "example",
            },
            stderr=subprocess.PIPE,
        )
        until(lambda: bool(silent.seen), "AWS is asked")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.decode() == (
        "\nStopped. What AWS has begun goes on; run the same command again to see where it is.\n"
    )


@pytest.mark.parametrize("arguments", [("plan",), ("nonsense",), ("apply", "--environment")])
def test_a_misspelled_command_is_status_1(commands: Commands, arguments: tuple[str, ...]) -> None:
    """Status 2 is for a plan with something to do."""
    ended = commands(*arguments)
    assert ended.status == 1
    assert "Error" in ended.output + ended.errors
