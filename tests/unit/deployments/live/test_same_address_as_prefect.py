"""Prefect's address is found where Prefect's own client finds it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[4]
SCRIPT = Path(__file__).parent / "both_addresses.py"

PROFILES = """
active = "work"
[profiles.work]
PREFECT_API_URL = "https://work.example.org/api"
PREFECT_API_KEY = "key-of-work"
PREFECT_API_TLS_INSECURE_SKIP_VERIFY = "true"
[profiles.other]
PREFECT_API_URL = "https://other.example.org/api"
PREFECT_API_AUTH_STRING = "admin:of-other"
[profiles.empty]
"""
PREFECT_TOML = """
profiles_path = "my.toml"
[api]
url = "https://toml.example.org/api"
tls_insecure_skip_verify = true
[client.custom_headers]
X-Proxy = "open"
"""
PYPROJECT = """
[tool.prefect]
profiles_path = "my.toml"
[tool.prefect.api]
auth_string = "admin:of-pyproject"
ssl_cert_file = "/authority.pem"
"""
ENV_FILE = """
PREFECT_API_URL="https://dotenv.example.org/api"
PREFECT_API_KEY=${PREFIX}-of-dotenv
PREFECT_PROFILES_PATH=other/profiles.toml
PREFECT_API_AUTH_STRING
"""
URL = "https://environment.example.org/api"

SETUPS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "nothing": ({}, {}),
    "a built-in profile": ({}, {"PREFECT_PROFILE": "local"}),
    "the environment": ({}, {"PREFECT_API_URL": URL, "PREFECT_API_KEY": "k"}),
    "small letters": ({}, {"prefect_api_url": URL, "Prefect_Api_Auth_String": "a:b"}),
    "certificates": (
        {},
        {
            "PREFECT_API_URL": URL,
            "PREFECT_API_SSL_CERT_FILE": "/c.pem",
            "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "1",
            "PREFECT_CLIENT_CUSTOM_HEADERS": '{"A": "b"}',
        },
    ),
    ".env": ({".env": ENV_FILE}, {"PREFIX": "key"}),
    ".env before files and profiles": (
        {".env": ENV_FILE, "prefect.toml": PREFECT_TOML, "other/profiles.toml": PROFILES},
        {},
    ),
    "the environment before .env": ({".env": ENV_FILE}, {"PREFECT_API_URL": URL}),
    "an empty variable hides the rest": (
        {".env": ENV_FILE, "prefect.toml": PREFECT_TOML},
        {"PREFECT_API_URL": ""},
    ),
    "files": ({"prefect.toml": PREFECT_TOML, "pyproject.toml": PYPROJECT, "my.toml": PROFILES}, {}),
    "pyproject.toml alone": ({"pyproject.toml": PYPROJECT, "my.toml": PROFILES}, {}),
    "a file of profiles": ({"p.toml": PROFILES}, {"PREFECT_PROFILES_PATH": "p.toml"}),
    "a profile by name": (
        {"p.toml": PROFILES},
        {"PREFECT_PROFILES_PATH": "p.toml", "PREFECT_PROFILE": "other"},
    ),
    "an unknown profile": (
        {"p.toml": PROFILES},
        {"PREFECT_PROFILES_PATH": "p.toml", "PREFECT_PROFILE": "local"},
    ),
    "a missing file of profiles": (
        {},
        {"PREFECT_PROFILES_PATH": "no.toml", "PREFECT_PROFILE": "local"},
    ),
    "another home": ({"home/profiles.toml": PROFILES}, {"PREFECT_HOME": "home"}),
    # These two come last: what they write stays in the home of all.
    "the own home": ({"~/.prefect/profiles.toml": PROFILES}, {}),
    "a profile of the own home": ({}, {"PREFECT_PROFILE": "empty"}),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Prefect and we find, by set-up."""
    folder = tmp_path_factory.mktemp("set ups")
    home = folder / "home"
    home.mkdir()
    lines = [json.dumps({"files": files, "environ": env}) for files, env in SETUPS.values()]
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(REPOSITORY)},
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(SETUPS, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("setup", SETUPS)
def test_the_address_is_that_of_prefect(found: dict[str, Any], setup: str) -> None:
    """Every place counts as much as it does for Prefect, and none more."""
    of_prefect, ours = found[setup]
    assert ours == of_prefect


def test_the_set_ups_tell_places_apart(found: dict[str, Any]) -> None:
    """They are of use: an address is found in every place that there is, and sometimes none."""
    addresses = {of_prefect["url"] if of_prefect else None for of_prefect, _ in found.values()}
    assert len(addresses) == 7
