"""The services that are asked: which addresses are taken, and what they are called."""

import pytest

from utilities.egress import read_services
from utilities.egress.services import service_name
from utilities.errors import SettingsInvalid
from utilities.settings import Settings


def test_the_default_asks_more_than_one() -> None:
    """Three services of three operators, over TLS, when nothing is configured."""
    default = Settings.model_fields["egress_services"].default
    services = read_services(default)
    assert len(services) == 3
    assert all(service.startswith("https://") for service in services)


def test_a_service_is_asked_once() -> None:
    """In the order in which they were named."""
    assert read_services("https://b.example, http://a.example/ip,https://b.example,") == (
        "https://b.example",
        "http://a.example/ip",
    )


def test_a_query_is_not_part_of_a_name() -> None:
    """It may hold a key."""
    assert service_name("https://a.example:8443/ip/?token=planted") == "a.example:8443/ip"
    assert service_name("https://a.example/") == "a.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "ftp://a.example",
        "https://",
        "https://user:planted@a.example",  # pragma: allowlist secret
        "https://a.example:port",
        "https://a.example/my ip",
    ],
)
def test_what_cannot_be_asked_is_refused(text: str) -> None:
    """Without repeating it: it may hold a password."""
    with pytest.raises(SettingsInvalid, match="^EGRESS_SERVICES: ") as caught:
        read_services(text)
    assert "planted" not in str(caught.value)
