"""The services of docker-compose.yml, and their commands as a container gets them."""

from pathlib import Path
from typing import Any

import yaml

from tests.infrastructure.image.made import REPOSITORY

COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
VOLUME = "/var/lib/local-stack"
SHELL: dict[str, list[str]] = {"CMD": [], "CMD-SHELL": ["sh", "-c"]}


def command(service: str, volume: Path) -> list[str]:
    """The words of a service's command.

    Args:
        service: its name.
        volume: folder that stands for the volume of the local stack.
    """
    return [_as_given(word, volume) for word in SERVICES[service]["command"]]


def check(service: str, volume: Path) -> list[str]:
    """The words of the check of a service's health."""
    kind, *words = SERVICES[service]["healthcheck"]["test"]
    return [*SHELL[kind], *(_as_given(word, volume) for word in words)]


def _as_given(word: str, volume: Path) -> str:
    return word.replace("$$", "$").replace(VOLUME, str(volume))
