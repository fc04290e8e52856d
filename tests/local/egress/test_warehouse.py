"""A warehouse that lets nobody in: which door is closed is told, each with what to mend."""

import socket
from contextlib import ExitStack

import pytest

from infrastructure.local.stack import Stack
from utilities.egress import ask_warehouse
from utilities.errors import AccessDenied, SettingsInvalid, WarehouseUnavailable
from utilities.settings import Settings


@pytest.fixture
def settings(stack: Stack) -> Settings:
    """The settings that the stack's variables amount to."""
    return Settings.model_validate({name.lower(): value for name, value in stack.variables.items()})


def test_a_query_is_answered(settings: Settings) -> None:
    """Who we are there, and where."""
    answer = ask_warehouse(settings)
    assert answer.place == f"127.0.0.1:{settings.redshift_port}"
    assert (answer.user, answer.database) == ("awsuser", "dev")


def test_packets_that_vanish_point_at_the_allow_list(settings: Settings) -> None:
    """A port behind a security group answers strangers nothing; so does one whose queue of
    connections is full."""
    with ExitStack() as opened, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(3):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        closed = settings.model_copy(update={"redshift_port": port})
        with pytest.raises(WarehouseUnavailable) as caught:
            ask_warehouse(closed, connect_seconds=0.2)
    assert f"Redshift at 127.0.0.1:{port}: no answer to a connection within 0.2 s" in str(
        caught.value
    )
    assert "probably not on that of the warehouse" in str(caught.value)


def test_a_port_where_nobody_listens(settings: Settings) -> None:
    """The host is there, so it is no matter of an allow list."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with pytest.raises(WarehouseUnavailable, match="the connection was refused.*REDSHIFT_PORT"):
            ask_warehouse(settings.model_copy(update={"redshift_port": port}))


def test_a_name_that_nobody_has(settings: Settings) -> None:
    """Waiting does not mend it where a name server says so; where none answers, it may."""
    unknown = settings.model_copy(update={"redshift_host": "warehouse.invalid"})
    with pytest.raises((SettingsInvalid, WarehouseUnavailable)) as caught:
        ask_warehouse(unknown)
    assert str(caught.value).startswith("Redshift at warehouse.invalid:")
    assert "name" in str(caught.value)


def test_a_login_that_is_refused(settings: Settings) -> None:
    """The way is open, the credentials are wrong; the password is not told."""
    refused = settings.model_copy(update={"redshift_username": "nobody-of-this-name"})
    with pytest.raises(AccessDenied, match="refused 'nobody-of-this-name'") as caught:
        ask_warehouse(refused)
    assert settings.redshift_password.get_secret_value() not in str(caught.value)
