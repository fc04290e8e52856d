"""The API key is in nothing that a person or a log may see."""

import base64
import logging
import pickle
import traceback
from typing import Any

import pytest
from pydantic import SecretStr

from tests.local.everyaction.conftest import KEY, Connect, settings_for
from tests.scripted_server import Answer, Drop, ScriptedServer
from utilities.errors import FlowError, SettingsInvalid
from utilities.everyaction import call, connect
from utilities.everyaction.secrecy import Secret

FORMS = (
    KEY,
    f"{KEY}|1",
    base64.b64encode(f"default:{KEY}|1".encode()).decode(),
    base64.b64encode(f"{KEY}|1".encode()).decode(),
)


def test_no_error_and_no_log_has_the_key(
    api: ScriptedServer, connected: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even when the server says the key, in any form, in its answer."""
    caplog.set_level(logging.DEBUG)
    van = connected(attempts=2)
    said = {"errors": [{"code": f"C{KEY}", "text": f"bad key: {form}"} for form in FORMS]}
    shown = [repr(van), repr(van.connection), repr(van.connection.api), repr(van.connection.auth)]
    for step in (Answer(400, said), Answer(401, said), Answer(400, str(said).encode()), Drop()):
        api.script(step)
        with pytest.raises(FlowError) as caught:
            call(van, "POST", "people/1/codes", json={})
        error = caught.value
        shown += [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
        shown.append(pickle.dumps(error).decode("latin-1"))
        assert error.__context__ is None
    shown.append(caplog.text)
    for form in FORMS:
        assert not any(form in text for text in shown)


def test_parsons_says_nothing_of_single_calls(
    api: ScriptedServer, van: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A line for each call would flood a flow's log, and some have names of people in them."""
    api.script(Answer(200, {"vanId": 1}))
    van.find_person(first_name="Ada", last_name="Lovelace", email="ada@example.org")
    assert "Ada" not in caplog.text
    assert not caplog.records


def test_a_missing_key_is_named(api: ScriptedServer) -> None:
    """The error names the variable and where to set it."""
    with pytest.raises(SettingsInvalid, match=r"VAN_API_KEY: missing.*\.env .*\.env\.example"):
        connect(settings_for(api.url, van_api_key=None))


def test_a_key_with_a_mode_is_not_taken(api: ScriptedServer) -> None:
    """A mode at the key's end is refused, with what to set instead, and without the key."""
    with pytest.raises(SettingsInvalid, match="Leave both out, and set VAN_DB") as caught:
        connect(settings_for(api.url, van_api_key=SecretStr(f"{KEY}|1")))
    assert KEY not in str(caught.value)


def test_a_secret_has_no_representation() -> None:
    """What knows the key does not show it."""
    assert KEY not in repr(Secret("default", f"{KEY}|1"))
