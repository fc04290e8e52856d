"""What an address shows of itself, and what is said when there is none."""

from pathlib import Path

import pytest

from deployments.live.address import Address, find_address
from utilities.errors import SettingsInvalid

URL = "https://prefect.example.org/api"


def find(folder: Path, **variables: str) -> Address:
    """Look in a folder and in some variables alone."""
    return find_address(folder, {"PREFECT_HOME": str(folder), **variables})


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    """An address can stand in a message or a log: what is secret is not part of its text."""
    address = find(
        tmp_path,
        PREFECT_API_URL=URL,
        PREFECT_API_KEY="planted-key",
        PREFECT_API_AUTH_STRING="admin:planted-password",
        PREFECT_CLIENT_CUSTOM_HEADERS='{"X-Token": "planted-token"}',
    )
    assert address.key == "planted-key"
    assert URL in repr(address)
    assert "planted" not in repr(address)
    assert "planted" not in str(address)


def test_a_password_in_the_address_is_taken_out(tmp_path: Path) -> None:
    """A user and a password in the address go before every other credential, and are not shown."""
    user = "me:planted%2Fsecret"
    address = find(
        tmp_path,
        PREFECT_API_URL=f"https://{user}@prefect.example.org:8443/api/",
        PREFECT_API_AUTH_STRING="admin:other",
    )
    assert address.url == "https://prefect.example.org:8443/api"
    assert address.auth_string == "me:planted/secret"
    assert "planted" not in repr(address)


def test_nothing_configured_says_what_to_set(tmp_path: Path) -> None:
    """Without an address the message names the variable and the places where it may be set."""
    with pytest.raises(SettingsInvalid) as raised:
        find(tmp_path)
    assert str(raised.value) == (
        "PREFECT_API_URL: not set, so it is not known which Prefect to ask; expected an address "
        "like http://127.0.0.1:4200/api. Set it in the environment, in .env or in the active "
        "profile (`prefect config set PREFECT_API_URL=...`, `prefect cloud login`)."
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PREFECT_API_URL", "prefect.planted.org/api"),
        ("PREFECT_API_TLS_INSECURE_SKIP_VERIFY", "planted"),
        ("PREFECT_CLIENT_CUSTOM_HEADERS", '{"X-Token": "planted"'),
        ("PREFECT_CLIENT_CUSTOM_HEADERS", '["planted"]'),
        ("PREFECT_CLIENT_CUSTOM_HEADERS", '{"X-Token": 1}'),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_shown(
    tmp_path: Path, variable: str, value: str
) -> None:
    """The message names the variable; its value may be a secret in the wrong place."""
    with pytest.raises(SettingsInvalid, match=f"^{variable}: ") as raised:
        find(tmp_path, **{"PREFECT_API_URL": URL, variable: value})
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize("name", ["prefect.toml", "pyproject.toml", "profiles.toml"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, name: str) -> None:
    """Prefect passes over a broken file of profiles and then asks another server; we do not."""
    (tmp_path / name).write_text("[profiles\n")
    with pytest.raises(SettingsInvalid, match=f"^{name}: not TOML: "):
        find(tmp_path, PREFECT_API_URL=URL)


def test_a_value_of_the_wrong_type_is_named(tmp_path: Path) -> None:
    """A number in a file, where a text is expected, is said and not guessed at."""
    (tmp_path / "prefect.toml").write_text("[api]\nkey = 12\n")
    with pytest.raises(SettingsInvalid, match="^PREFECT_API_KEY: int found, text expected"):
        find(tmp_path, PREFECT_API_URL=URL)
