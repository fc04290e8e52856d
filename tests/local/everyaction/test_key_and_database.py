"""Whether a key fits is said before any work begins."""

import socket
from typing import Any

import pytest
from pydantic import SecretStr

from tests.local.everyaction.conftest import settings_for
from tests.local.warehouse import settings
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, ScriptedServer
from utilities.errors import AccessDenied, ApiUnavailable, SettingsInvalid
from utilities.everyaction import Patience, check_access, connect
from utilities.settings import Settings

__all__ = ["settings"]


def with_changes(settings: Settings, **changes: Any) -> Settings:
    """Return settings that differ in some values."""
    return settings.model_copy(update=changes)


def test_the_right_key_passes(settings: Settings) -> None:
    """Key and database fit: nothing is said."""
    check_access(connect(settings), settings)


def test_a_wrong_key_is_refused(settings: Settings) -> None:
    """A key that EveryAction does not know."""
    wrong = with_changes(settings, van_api_key=SecretStr("not-the-key"))
    with pytest.raises(AccessDenied, match="401.*Check VAN_API_KEY") as caught:
        check_access(connect(wrong), wrong)
    assert "not-the-key" not in str(caught.value)


def test_a_wrong_database_is_told_from_a_wrong_key(settings: Settings) -> None:
    """The key works there too, with another, nearly empty database: the error says which one."""
    wrong = with_changes(settings, van_db="MyVoters")
    expected = (
        f"EveryAction at {wrong.van_api_url} authenticated the key, but it has no MyVoters database "
        "(VAN_DB=MyVoters); it belongs to "
    )
    with pytest.raises(SettingsInvalid) as caught:
        check_access(connect(wrong), wrong)
    assert str(caught.value).startswith(expected)
    assert str(caught.value).endswith("Set VAN_DB to EveryAction.")


@pytest.mark.parametrize(
    ("profile", "advice"),
    [
        (
            {"hasMyCampaign": False, "hasMyVoters": True, "committeeName": "A"},
            "to A. Set VAN_DB to MyV",
        ),
        ({"hasMyCampaign": False, "hasMyVoters": False}, "to another one. Ask for a key that has"),
    ],
)
def test_the_advice_follows_the_profile(
    profile: dict[str, Any], advice: str, api: ScriptedServer, van: Any
) -> None:
    """What to set is what the key has."""
    api.script(Answer(200, {"items": [profile]}))
    with pytest.raises(SettingsInvalid, match=advice):
        check_access(van, settings_for(api.url))


@pytest.mark.parametrize("answer", [{}, {"items": []}, {"items": [{}]}, [], {"items": ["x"]}])
def test_a_profile_that_says_nothing_is_not_held_against_a_key(
    answer: Any, api: ScriptedServer, van: Any
) -> None:
    """Not every server fills in every field: the key was taken, and that counts."""
    api.script(Answer(200, answer))
    check_access(van, settings_for(api.url))


def test_a_server_that_is_down_is_named(time: ManualTime) -> None:
    """The error names the address, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    away = settings_for(f"http://127.0.0.1:{port}/v4/")
    van = connect(away, lambda: None, Patience(attempts=2, now=time.now, sleep=time.sleep))
    with pytest.raises(ApiUnavailable, match=f"127.0.0.1:{port} could not be reached"):
        check_access(van, away)
