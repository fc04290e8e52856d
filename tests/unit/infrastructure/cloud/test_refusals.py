"""What becomes of AWS's refusals: told apart by their codes, said in one sentence or two."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.cloud.aws import Aws, code_of
from infrastructure.cloud.outputs import read_outputs
from tests.infrastructure.cloud.made_platform import made_platform
from tests.scripted_server import Answer, Drop, ScriptedServer, scripted_server
from utilities.errors import AccessDenied, ApiRefused, ApiUnavailable, FlowError

SECRET = "planted-secret-81c2"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A server that answers in AWS's place, and credentials for it."""
    with scripted_server() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        yield running


def refusal(code: str, status: int = 400, message: str = "in AWS's words") -> Answer:
    """Return a refusal as CloudFormation spells it."""
    text = (
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
        f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        "<RequestId>1</RequestId></ErrorResponse>"
    )
    return Answer(status, text.encode(), {"Content-Type": "text/xml"})


@pytest.mark.parametrize(
    ("step", "error", "text"),
    [
        (
            refusal("AccessDenied", 403),
            AccessDenied,
            "p-container-registry: the credentials in use may not do cloudformation:DescribeStacks "
            "(AccessDenied). Use a role that may, or add the permission. AWS says: in AWS's words",
        ),
        (
            refusal("ExpiredToken", 403),
            AccessDenied,
            "p-container-registry: the sign-in to AWS has ended (ExpiredToken). Sign in again "
            "(`aws sso login`, or new AWS_* variables), then run again.",
        ),
        (
            refusal("InvalidClientTokenId", 403),
            AccessDenied,
            "p-container-registry: AWS does not accept the credentials (InvalidClientTokenId). "
            "Check AWS_PROFILE and the AWS_* variables.",
        ),
        (
            refusal("Throttling"),
            ApiUnavailable,
            "p-container-registry: AWS answered Throttling to cloudformation:DescribeStacks. "
            "Run again later.",
        ),
        (
            refusal("Odd", 503),
            ApiUnavailable,
            "p-container-registry: AWS answered Odd to cloudformation:DescribeStacks. "
            "Run again later.",
        ),
        (
            refusal("Odd"),
            ApiRefused,
            "p-container-registry: AWS refused cloudformation:DescribeStacks (Odd): in AWS's words",
        ),
        (
            Drop(),
            ApiUnavailable,
            "p-container-registry: AWS could not be reached for cloudformation:describe_stacks "
            "(ConnectionClosedError). Check the network, the region and AWS_ENDPOINT_URL, then run "
            "again.",
        ),
        (
            Answer(400, b"<html><p>a proxy"),
            ApiUnavailable,
            "p-container-registry: AWS could not be reached for cloudformation:describe_stacks "
            "(ResponseParserError). Check the network, the region and AWS_ENDPOINT_URL, then run "
            "again.",
        ),
    ],
)
def test_each_refusal_says_what_to_do(
    server: ScriptedServer, step: Answer | Drop, error: type[FlowError], text: str
) -> None:
    """Who is asked to wait, who has to sign in, and who has to ask for a permission."""
    server.script(step)
    with pytest.raises(error) as caught:
        read_outputs(made_platform(project="p"))
    assert type(caught.value) is error
    assert str(caught.value) == text
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_the_code_of_a_refusal_can_be_asked(server: ScriptedServer) -> None:
    """Callers decide by it, never by the text."""
    server.script(refusal("InsufficientCapabilitiesException"))
    with pytest.raises(ApiRefused) as caught:
        Aws("us-east-1").ask(
            "cloudformation", "create_change_set", "s", StackName="s", ChangeSetName="c"
        )
    assert code_of(caught.value) == "InsufficientCapabilitiesException"


@pytest.fixture
def without_credentials(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A machine that nobody has signed in on, and that has no role."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_without_credentials_the_ways_to_get_them_are_told(
    server: ScriptedServer, without_credentials: None
) -> None:
    """Nothing is sent."""
    with pytest.raises(AccessDenied, match="no AWS credentials were found"):
        read_outputs(made_platform())
    assert server.calls == []


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        ("sso_session = team\nsso_account_id = 123456789012\nsso_role_name = r", "has ended"),
        ("", "the AWS client could not be used: The config profile (absent) could not be found"),
    ],
)
def test_a_profile_that_gives_no_credentials_is_told(
    without_credentials: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    profile: str,
    text: str,
) -> None:
    """Signed out, or misspelled: each has a way out."""
    session = (
        "[sso-session team]\nsso_region = us-east-1\nsso_start_url = https://127.0.0.1:1/start\n"
    )
    name = "signed-out" if profile else "absent"
    (tmp_path / "config").write_text(f"[profile signed-out]\n{profile}\n\n{session}")
    monkeypatch.setenv("AWS_PROFILE", name)
    with pytest.raises(AccessDenied) as caught:
        read_outputs(made_platform())
    assert text in str(caught.value)
