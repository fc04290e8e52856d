"""Secrets are typed or piped, never an argument, and never shown."""

import json
import os
import pty
import re
import subprocess
import sys
from typing import Any

import boto3
import pytest

from tests.infrastructure.cloud.commands import HERE, Commands, Repository
from tests.infrastructure.cloud.made_platform import REGION
from tests.infrastructure.cloud.scripted_aws import Refusal, scripted_aws

VALUE = "planted-value-77c1"
NAMES = ("PREFECT_API_KEY", "REDSHIFT_PASSWORD", "VAN_API_KEY")


@pytest.fixture
def repository(repository: Repository) -> Repository:
    """A repository whose labs has a name of its own, as secrets are not named by project."""
    repository.edit("environments.yaml", "  labs:", f"  {labs_of(repository)}:")
    return repository


@pytest.fixture
def labs(repository: Repository) -> tuple[str, str]:
    """The option that names this environment."""
    return "--environment", labs_of(repository)


def labs_of(repository: Repository) -> str:
    """Return a name that no other test has."""
    return f"labs-{repository.project[-8:]}"


@pytest.fixture
def ssm(aws_here: None) -> Any:
    """A client of the local AWS server."""
    return boto3.client("ssm", region_name=REGION)


def held(ssm: Any, labs: tuple[str, str], name: str) -> Any:
    """Return a parameter as AWS has it, with its value."""
    return ssm.get_parameter(Name=f"/PrefectFlows/{labs[1]}/{name}", WithDecryption=True)[
        "Parameter"
    ]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_value_comes_from_standard_input(
    commands: Commands, ssm: Any, labs: tuple[str, str], end: bytes
) -> None:
    """A line break at its end, which `echo` adds, is left out and said; others are kept."""
    value = f"two\nlines {VALUE}"
    ended = commands("secrets", "set", "VAN_API_KEY", *labs, typed=value.encode() + end)
    assert (ended.status, ended.errors) == (0, "")
    said = "The line break at the end was left out.\n" if end else ""
    assert ended.output == f"{said}VAN_API_KEY is set in {labs[1]}: version 1, encrypted.\n"
    found = held(ssm, labs, "VAN_API_KEY")
    assert (found["Value"], found["Type"]) == (value, "SecureString")


def test_a_new_value_is_a_new_version(commands: Commands, ssm: Any, labs: tuple[str, str]) -> None:
    """Rotating is setting again."""
    for number in (1, 2):
        ended = commands("secrets", "set", "VAN_API_KEY", *labs, typed=b"v%d" % number)
        assert f"version {number}" in ended.output
    assert held(ssm, labs, "VAN_API_KEY")["Value"] == "v2"


@pytest.mark.parametrize(
    "arguments", [(VALUE,), ("--value", VALUE), (f"--value={VALUE}",), ("--to", "labs", VALUE)]
)
def test_a_value_as_an_argument_is_refused_and_not_repeated(
    commands: Commands, labs: tuple[str, str], arguments: tuple[str, ...]
) -> None:
    """The shell keeps arguments in its history, and everybody on the machine sees them."""
    ended = commands("secrets", "set", "VAN_API_KEY", *arguments, *labs, typed=b"x")
    assert ended.status == 1
    assert "a value is never an argument" in ended.errors
    assert VALUE not in ended.output + ended.errors


@pytest.mark.parametrize(
    ("name", "typed", "text"),
    [
        ("VAN_API_KEY", b"", "the value is empty. Nothing was changed."),
        ("VAN_API_KEY", b" \n", "the value is empty. Nothing was changed."),
        ("VAN_API_KEY", b"\xff", "is no text in UTF-8. Nothing was changed."),
        ("VAN_API_KEY", b"x" * 4097, "the value has 4,097 bytes; a parameter holds 4,096."),
        ("VAN_API_KEYS", VALUE.encode(), 'Did you mean "VAN_API_KEY"?'),
    ],
)
def test_what_cannot_be_a_secret_is_refused(
    commands: Commands, labs: tuple[str, str], name: str, typed: bytes, text: str
) -> None:
    """Nothing is sent, and nothing of it is shown."""
    ended = commands("secrets", "set", name, *labs, typed=typed)
    assert ended.status == 1
    assert ended.errors.startswith(f"ParameterInvalid: {name}: ") and text in ended.errors
    assert VALUE not in ended.output + ended.errors


def test_the_address_of_messages_is_a_secret_too(commands: Commands) -> None:
    """Whoever has the address of a webhook can write there."""
    ended = commands(
        "secrets", "set", "SLACK_WEBHOOK_URL", "--environment", "production", typed=b"https://x"
    )
    assert ended.status == 0


def test_the_list_shows_what_is_missing_and_what_nobody_declares(
    commands: Commands, ssm: Any, labs: tuple[str, str]
) -> None:
    """Who has set what and when; never a value."""
    commands("secrets", "set", "VAN_API_KEY", *labs, typed=VALUE.encode())
    folder = f"/PrefectFlows/{labs[1]}"
    ssm.put_parameter(Name=f"{folder}/OLD_KEY", Value=VALUE, Type="SecureString")
    ssm.put_parameter(Name=f"{folder}/REDSHIFT_PASSWORD", Value=VALUE, Type="String")
    ended = commands("secrets", "list", *labs)
    assert (ended.status, ended.errors) == (2, "")
    rows = [re.split(r"\s{2,}", line.strip()) for line in ended.output.splitlines()]
    assert [row[:2] for row in rows[:5]] == [
        ["Secret", "State"],
        ["PREFECT_API_KEY", "missing"],
        ["REDSHIFT_PASSWORD", "set, NOT ENCRYPTED: set it again"],
        ["VAN_API_KEY", "set"],
        ["OLD_KEY", "not declared"],
    ]
    assert ended.output.endswith(
        f"Missing: python -m infrastructure secrets set PREFECT_API_KEY --environment {labs[1]}\n"
    )
    found = json.loads(commands("secrets", "list", *labs, "--json").output)
    assert {each["name"]: each["set"] for each in found} == {
        "PREFECT_API_KEY": False,
        "REDSHIFT_PASSWORD": True,
        "VAN_API_KEY": True,
        "OLD_KEY": True,
    }
    assert VALUE not in ended.output + json.dumps(found)


def test_all_set_is_status_0(commands: Commands, labs: tuple[str, str]) -> None:
    """A pipeline can ask before it deploys."""
    for name in NAMES:
        commands("secrets", "set", name, *labs, typed=b"x")
    assert commands("secrets", "list", *labs).status == 0


def test_removing_asks_first(commands: Commands, ssm: Any, labs: tuple[str, str]) -> None:
    """Runs that need it would fail."""
    commands("secrets", "set", "VAN_API_KEY", *labs, typed=b"x")
    unasked = commands("secrets", "remove", "VAN_API_KEY", *labs)
    assert "Nobody can be asked" in unasked.errors
    assert held(ssm, labs, "VAN_API_KEY")["Value"] == "x"
    removed = commands("secrets", "remove", "VAN_API_KEY", *labs, "--yes")
    assert removed.output == f"VAN_API_KEY is removed from {labs[1]}.\n"
    again = commands("secrets", "remove", "VAN_API_KEY", *labs, "--yes")
    assert again.errors.startswith(
        f"SourceNotFound: /PrefectFlows/{labs[1]}/VAN_API_KEY: there is no such secret."
    )


def test_a_refusal_by_aws_does_not_repeat_the_value(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, labs: tuple[str, str]
) -> None:
    """AWS's own words may."""
    with scripted_aws() as aws:
        aws.script(PutParameter=Refusal("ValidationException", f"Value '{VALUE}' is odd"))
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        ended = commands("secrets", "set", "VAN_API_KEY", *labs, typed=VALUE.encode())
    assert ended.errors == (
        f"ApiRefused: /PrefectFlows/{labs[1]}/VAN_API_KEY: AWS did not take the value "
        "(ValidationException). Nothing was changed.\n"
    )


def test_in_a_terminal_the_value_is_asked_for_and_not_shown(
    repository: Repository, ssm: Any, labs: tuple[str, str]
) -> None:
    """As passwords are."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "infrastructure", "secrets", "set", "VAN_API_KEY", *labs]
    process = subprocess.Popen(
        command,
        cwd=repository.root,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
    )
    os.close(child)
    seen = b""
    try:
        while b"not shown" not in seen:
            seen += os.read(parent, 1024)
        os.write(parent, f"{VALUE}\n".encode())
        assert process.wait(60) == 0
        seen += os.read(parent, 1024)
    finally:
        process.kill()
        os.close(parent)
    assert VALUE.encode() not in seen
    assert held(ssm, labs, "VAN_API_KEY")["Value"] == VALUE
