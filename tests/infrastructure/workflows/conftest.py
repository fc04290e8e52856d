"""A clone of the repository, with a Prefect and an AWS that nobody else uses."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from infrastructure.local.stack import Stack, temporary_stack
from tests.infrastructure.workflows.running import Runner
from tests.infrastructure.workflows.running_ecs import running_ecs
from tests.made_repository import ENVIRONMENT
from tests.prefect.copied import REPOSITORY, tracked

REGION = "us-east-1"
DEPLOYED = ("egress-check", "news-feeds")


@pytest.fixture(scope="module")
def services() -> Iterator[Stack]:
    """Prefect and AWS: stacks, secrets and images have names that other tests use too."""
    with temporary_stack(prefect=True) as running:
        with running_ecs(running.variables["AWS_ENDPOINT_URL"]) as url:
            yield replace(running, variables={**running.variables, "AWS_ENDPOINT_URL": url})


@pytest.fixture(scope="module")
def prefect(services: Stack) -> Iterator[PrefectApi]:
    """A client of Prefect's."""
    with PrefectApi(Address(services.variables["PREFECT_API_URL"])) as api:
        yield api


@pytest.fixture(scope="module")
def runner(services: Stack, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A clone whose environments are at these services, with fewer deployments.

    Importing the flows of all of them would take most of the time.
    """
    root = tmp_path_factory.mktemp("runner") / "a clone"
    for name in tracked():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, root / name)
    declared = root / "environments.yaml"
    address = f"PrefectApiUrl: {services.variables['PREFECT_API_URL']}"
    declared.write_text(re.sub("PrefectApiUrl: .*", address, declared.read_text()))
    prefect = root / "prefect.yaml"
    content = yaml.safe_load(prefect.read_text())
    content["deployments"] = [each for each in content["deployments"] if each["name"] in DEPLOYED]
    prefect.write_text(yaml.safe_dump(content, sort_keys=False))
    git(root, "init", "--quiet", "--initial-branch", "main")
    (root / ".git/info/exclude").write_text(".venv\n")
    (root / ".venv").symlink_to(sys.prefix)
    commit(root)
    temporary = tmp_path_factory.mktemp("runner-temp")
    aws = {key: value for key, value in services.variables.items() if key.startswith("AWS_")}
    return Runner(root, temporary, aws)


def git(root: Path, *arguments: str) -> str:
    """Run git there; return what it prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=root,
        env={**os.environ, **ENVIRONMENT},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(root: Path) -> str:
    """Commit everything; return the hash."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Change")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def client(services: Stack) -> Any:
    """Make clients of the services' AWS."""
    return lambda service: boto3.client(
        service,
        region_name=REGION,
        endpoint_url=services.variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=services.variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=services.variables["AWS_SECRET_ACCESS_KEY"],
    )
