"""Which registries can be asked, and what becomes of a refusal."""

from collections.abc import Iterator

import pytest

from deployments.images.registry import existing_tags
from tests.scripted_server import Answer, Drop, ScriptedServer, scripted_server
from utilities.errors import AccessDenied, ApiUnavailable

ADDRESS = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop"


def test_other_registries_are_not_asked() -> None:
    """Nobody knows what exists there, which is not the same as nothing."""
    assert existing_tags("ghcr.io/team/shop") is None
    assert existing_tags("public.ecr.aws/team/shop") is None


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A server that answers in ECR's place, and credentials for it."""
    with scripted_server() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        yield running


def test_every_page_is_read(server: ScriptedServer) -> None:
    """ECR tells a hundred images at once."""
    server.script(
        Answer(content={"imageIds": [{"imageTag": "a"}, {"imageTag": "b"}], "nextToken": "more"}),
        Answer(content={"imageIds": [{"imageTag": "c"}]}),
    )
    assert existing_tags(ADDRESS) == frozenset("abc")


@pytest.mark.parametrize(
    ("step", "error", "text"),
    [
        (
            Answer(400, {"__type": "AccessDeniedException"}),
            AccessDenied,
            "ECR refused ListImages with AccessDeniedException. Check that the credentials in use "
            "are valid and may do ecr:ListImages there.",
        ),
        (
            Answer(400, {"__type": "ThrottlingException"}),
            ApiUnavailable,
            "ECR answered ThrottlingException to ListImages. Run again later.",
        ),
        (Answer(503, {}), ApiUnavailable, "ECR answered 503 to ListImages. Run again later."),
        (
            Drop(),
            ApiUnavailable,
            "ECR could not be reached (ConnectionClosedError). Check the network and "
            "AWS_ENDPOINT_URL, then run again.",
        ),
    ],
)
def test_a_refusal_says_what_to_do(
    server: ScriptedServer, step: Answer | Drop, error: type[Exception], text: str
) -> None:
    """Wait, or mend the permissions."""
    server.script(step)
    with pytest.raises(error) as raised:
        existing_tags(ADDRESS)
    assert str(raised.value) == f"{ADDRESS}: {text}"


def test_without_credentials_nobody_is_asked(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the variables, not their values."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(AccessDenied, match="no AWS credentials were found"):
        existing_tags(ADDRESS)
    assert server.seen == []
