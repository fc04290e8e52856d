"""A command beside the Prefect of an environment."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import boto3
import pytest

from infrastructure.cloud.joining import prefect_variables
from tests.infrastructure.cloud.made_platform import REGION, made_platform, without_aws
from utilities.errors import DeclarationInvalid, ParameterInvalid, SourceNotFound

URL = "https://prefect.example.org/api"


@pytest.fixture
def ssm(aws_here: None) -> Any:
    """A client of the local AWS server."""
    return boto3.client("ssm", region_name=REGION)


def test_address_and_key(ssm: Any) -> None:
    """The address is the declared one, the key the decrypted parameter of the environment."""
    name = "/PrefectFlows/of-join/PREFECT_API_KEY"
    ssm.put_parameter(Name=name, Value="key-of-a-test", Type="SecureString", Overwrite=True)
    platform = made_platform(environment="of-join", parameters={"PrefectApiUrl": URL})
    assert prefect_variables(platform) == {
        "PREFECT_API_URL": URL,
        "PREFECT_API_KEY": "key-of-a-test",
    }


def test_a_server_without_keys() -> None:
    """Where no key is declared none is read, and AWS is not asked."""
    platform = made_platform(parameters={"PrefectApiUrl": URL}, secrets=("REDSHIFT_PASSWORD",))
    assert prefect_variables(platform) == {"PREFECT_API_URL": URL}


def test_what_is_missing_is_told(aws_here: None) -> None:
    """The key, the address, the whole environment."""
    platform = made_platform(environment="without-key", parameters={"PrefectApiUrl": URL})
    with pytest.raises(SourceNotFound) as missing:
        prefect_variables(platform)
    assert str(missing.value) == (
        "/PrefectFlows/without-key/PREFECT_API_KEY: SSM has no such parameter in us-east-1, so "
        "there is no key for Prefect. Put it there: `python -m infrastructure secrets set "
        "PREFECT_API_KEY --environment without-key`."
    )
    with pytest.raises(DeclarationInvalid) as nowhere:
        prefect_variables(replace(platform, parameters={}))
    assert str(nowhere.value) == (
        "environments.yaml: without-key does not say where Prefect is. Give it "
        "infrastructure.parameters.PrefectApiUrl."
    )
    with pytest.raises(ParameterInvalid):
        prefect_variables(without_aws(platform))


def become(*command: str) -> subprocess.CompletedProcess[str]:
    """Let a process become a command."""
    program = (
        "import sys; from infrastructure.cloud.joining import become; "
        "become(sys.argv[1:], {'PREFECT_API_URL': 'there'})"
    )
    return subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True)


def test_the_command_takes_the_place_of_ours() -> None:
    """It has the variables, and its status and its output are ours."""
    done = become("sh", "-c", 'echo "$PREFECT_API_URL"; exit 7')
    assert (done.returncode, done.stdout, done.stderr) == (7, "there\n", "")


def test_no_such_command_is_told() -> None:
    """One that does not exist, and none at all."""
    missing = become("no-such-command")
    assert missing.stderr.endswith("no-such-command cannot be run: No such file or directory.\n")
    assert "Say what to run" in become().stderr
