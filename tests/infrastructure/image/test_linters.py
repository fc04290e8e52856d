"""Checkers of others find nothing in the Dockerfile and in docker-compose.yml."""

import subprocess
from pathlib import Path

import pytest

from tests.infrastructure.image.made import REPOSITORY

LINTERS = REPOSITORY / ".venv-linters/bin"
HADOLINT = (LINTERS / "hadolint", "--no-color")
COMPOSE_SCHEMA = (LINTERS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec")

BROKEN = {
    "DL3002": ("USER 10001", "USER root"),
    "DL3042": ("--no-cache-dir", ""),
    "DL3020": ("COPY flows", "ADD flows"),
    "DL3000": ("WORKDIR /", "WORKDIR "),
}
"""Rules of hadolint, and what breaks them."""


def check(*command: str | Path) -> tuple[int, str]:
    """The exit status of a checker and what it says."""
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_hadolint_finds_nothing() -> None:
    """Not even a hint is left, and no rule is switched off."""
    assert check(*HADOLINT, REPOSITORY / "Dockerfile") == (0, "")
    assert "hadolint ignore" not in (REPOSITORY / "Dockerfile").read_text()


@pytest.mark.parametrize("rule", BROKEN)
def test_hadolint_finds_what_is_broken(rule: str, tmp_path: Path) -> None:
    """A Dockerfile that breaks a rule does not pass."""
    broken = tmp_path / "Dockerfile"
    broken.write_text((REPOSITORY / "Dockerfile").read_text().replace(*BROKEN[rule]))
    status, said = check(*HADOLINT, broken)
    assert (status, rule in said) == (1, True), said


def test_compose_fits_its_schema() -> None:
    """docker-compose.yml is what the Compose specification says."""
    status, said = check(*COMPOSE_SCHEMA, REPOSITORY / "docker-compose.yml")
    assert status == 0, said


def test_a_misspelt_key_is_found(tmp_path: Path) -> None:
    """The schema refuses what Compose does not know."""
    broken = tmp_path / "docker-compose.yml"
    text = (REPOSITORY / "docker-compose.yml").read_text()
    broken.write_text(text.replace("healthcheck:", "healthchek:"))
    assert check(*COMPOSE_SCHEMA, broken)[0] == 1
