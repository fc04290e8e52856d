"""The Dockerfile keeps its rules, and each rule can be broken."""

import tomllib

import pytest
import yaml

from tests.infrastructure.image.dockerfile import read_dockerfile
from tests.infrastructure.image.made import REPOSITORY
from tests.infrastructure.image.rules import findings

TEXT = (REPOSITORY / "Dockerfile").read_text()
PACKAGES = yaml.safe_load((REPOSITORY / "environments.yaml").read_text())["packages"]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
PYTHON = PROJECT["requires-python"].removeprefix(">=")

BROKEN = {
    "another Python": ("python:3.11.", "python:3.12.", "base:"),
    "no patch": ("python:3.11.17-slim", "python:3.11-slim", "base:"),
    "no release": ("-slim-trixie", "-slim", "base:"),
    "two bases": ("FROM ${PYTHON_IMAGE} AS packages", "FROM debian:13 AS packages", "base:"),
    "no checksums": ("--require-hashes --only-binary :all: --no-b", "--no-b", "packages:"),
    "a cache": ("--no-cache-dir --no-deps", "--no-deps", "packages:"),
    "the lock with the code": ("COPY requirements.txt", "COPY . ", "packages:"),
    "a compiler": ("apt-get upgrade --yes", "apt-get install --yes gcc", "packages:"),
    "development packages": (
        "RUN python -m compileall",
        "RUN pip install pytest && python -m compileall",
        "packages:",
    ),
    "the tests too": ("COPY blocks blocks", "COPY blocks blocks\nCOPY tests tests", "code:"),
    "a package less": ("COPY blocks blocks\n", "", "code:"),
    "code first": (
        "COPY --from=packages /opt/venv /opt/venv",
        "COPY flows /x\nCOPY --from=packages /opt/venv /opt/venv",
        "code:",
    ),
    "the commit first": ("COPY flows flows", "ARG COMMIT_HASH\nCOPY flows flows", "code:"),
    "the last stage is the local stack": ("FROM runtime\n", "FROM local\n", "code:"),
    "root": ("USER 10001\n\n# A container", "USER 0\n\n# A container", "process:"),
    "a user by name": ("USER 10001\n\n# A", "USER flows\n\n# A", "process:"),
    "a user that is not there": ("useradd --uid 10001", "useradd --uid 10002", "process:"),
    "held-back words": ("PYTHONUNBUFFERED=1", "OTHER=1", "process:"),
    "a deployment": ("ENV PATH=", "ENV DEPLOYMENT_NAME=x PATH=", "process:"),
    "a password": ("ENV PATH=", "ENV REDSHIFT_PASSWORD=x PATH=", "process:"),
    "a check for runs": ("HEALTHCHECK NONE", "HEALTHCHECK CMD true", "process:"),
}
"""What is replaced by what, and the rule that says so."""


def test_the_dockerfile_keeps_its_rules() -> None:
    """Pinned base, locked packages, only a run's code and last, an ordinary user, no setting."""
    assert findings(read_dockerfile(TEXT), PACKAGES, PYTHON) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told(name: str) -> None:
    """Each rule finds what it is for."""
    old, new, rule = BROKEN[name]
    assert old in TEXT
    found = findings(read_dockerfile(TEXT.replace(old, new)), PACKAGES, PYTHON)
    assert [each for each in found if each.startswith(rule)] != []


def test_the_image_names_the_commit_and_nothing_below_does() -> None:
    """The label of the commit is made of the build's argument, in a stage with nothing else."""
    *_, last = read_dockerfile(TEXT).stages
    assert [each.name for each in last.instructions] == ["ARG", "LABEL"]
    assert 'org.opencontainers.image.revision="${COMMIT_HASH}"' in last.instructions[1].value


def test_the_local_stack_is_a_target_of_its_own() -> None:
    """It stands on the runtime, as the same user, and only it has packages of development."""
    dockerfile = read_dockerfile(TEXT)
    assert [stage.name for stage in dockerfile.chain("local")] == ["runtime", "local"]
    assert dockerfile.last("USER", "local") == dockerfile.last("USER")
    assert not any("requirements-dev" in each.value for each in dockerfile.instructions())


@pytest.mark.parametrize("line", ["ADD a b", "COPY <<EOF /x", 'SHELL ["sh"]'])
def test_what_the_reader_does_not_know_it_refuses(line: str) -> None:
    """An instruction that these tests would misread stops them."""
    with pytest.raises(ValueError, match="expected one of"):
        read_dockerfile(f"FROM scratch\n{line}\n")
