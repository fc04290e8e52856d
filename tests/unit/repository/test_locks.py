"""The locks hold what was asked for, and nothing that nobody asked for."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[3]
PEERS = "benchmarks/requirements-peers"
LINTERS = "tests/linters/requirements"
LOCKS = ("requirements", "requirements-dev", LINTERS, PEERS)

RIVALS = {
    "a PostgreSQL driver": {"psycopg2-binary": "ours and parsons'", "asyncpg": "Prefect's server"},
    "an AWS client": {"boto3": "ours, parsons' and moto's", "aiobotocore": "prefect-aws"},
    "an S3 file system": {},
    "an HTTP client": {
        "requests": "ours, parsons' and moto's",
        "httpx": "Prefect, and who tells its failures apart",
        "httpcore": "below httpx",
        "aiohttp": "below aiobotocore",
        "urllib3": "below requests and boto3",
    },
    "a data frame": {"pandas": "asked for by the team", "petl": "parsons' tables"},
}
"""Packages that do the same job, each with who needs it."""

SAME_JOB = {
    "a PostgreSQL driver": {
        "psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "redshift-connector",
        "pygresql", "aiopg",
    },
    "an AWS client": {"boto3", "boto", "aiobotocore", "aioboto3", "awswrangler"},
    "an S3 file system": {"s3fs", "smart-open", "minio", "cloudpathlib", "obstore"},
    "an HTTP client": {"requests", "httpx", "httpcore", "urllib3", "aiohttp", "pycurl", "niquests"},
    "a data frame": {"pandas", "polars", "petl", "dask", "modin", "duckdb"},
}  # fmt: skip


ROOMS = {
    "requirements": ("flows", "utilities", "blocks"),
    "requirements-dev": ("deployments", "infrastructure", "tests", "benchmarks"),
}
"""Which folders need nothing but which lock."""

PEERS_RUN = ("benchmarks/loads/ways/*_ways.py", "benchmarks/loads/chart.py")
"""What runs in the environment of the peers' lock instead."""

BELONGS_TO = {
    "botocore": "boto3",
    "pydantic_core": "pydantic",
    "mypy_boto3_ecr": "boto3-stubs",
    "mypy_boto3_s3": "boto3-stubs",
    "_typeshed": "mypy",
}
"""Packages that are one with another that is asked for."""


def direct(lock: str) -> list[Requirement]:
    """The requirements that a person wrote into an .in file."""
    lines = (REPOSITORY / f"{lock}.in").read_text().splitlines()
    wanted = [line.split("  #")[0].strip() for line in lines]
    return [Requirement(line) for line in wanted if line and line[0] not in "#-"]


@cache
def locked(lock: str) -> dict[str, str]:
    """The versions that a lock installs on this Python, by package."""
    found: dict[str, str] = {}
    for line in (REPOSITORY / f"{lock}.txt").read_text().splitlines():
        match = re.match(r"([a-z0-9][^ ;]*==[^ ;\\]+)\s*(;[^\\]*)?", line)
        if match is None:
            continue
        requirement = Requirement(match[0].strip())
        if requirement.marker is None or requirement.marker.evaluate():
            (version,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = version.version
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_satisfies_what_was_asked_for(lock: str) -> None:
    """Every direct requirement is pinned at a version inside its bounds."""
    pins = locked(lock)
    wrong = [
        f"{requirement}: locked {pins.get(canonicalize_name(requirement.name))}"
        for requirement in direct(lock)
        if canonicalize_name(requirement.name) not in pins
        or not requirement.specifier.contains(pins[canonicalize_name(requirement.name)])
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_checksum(lock: str) -> None:
    """A package that was changed after the lock was made is refused at installation."""
    text = (REPOSITORY / f"{lock}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert [
        entry[:40] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ] == []


def test_what_runs_in_production_is_what_is_tested() -> None:
    """Both locks agree on every package that they share."""
    production, development = locked("requirements"), locked("requirements-dev")
    assert {name: development.get(name) for name in production} == production


def test_parsons_brought_only_the_extras_that_were_asked_for() -> None:
    """Of parsons' many connectors, the lock holds those for Redshift and EveryAction."""
    asked = {"", "redshift", "ngpvan"}
    environment = {key: str(value) for key, value in default_environment().items()}
    needed, optional = set(), set()
    for line in requires("parsons") or []:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**environment, "extra": extra}) for extra in asked
        ):
            needed.add(name)
        else:
            optional.add(name)
    mine = {canonicalize_name(requirement.name) for requirement in direct("requirements")}
    text = (REPOSITORY / "requirements.txt").read_text()
    because_of_parsons = {
        name for name in locked("requirements") if _only_because_of_parsons(text, name)
    }
    assert because_of_parsons & (optional - needed - mine) == set()
    assert needed <= set(locked("requirements"))


@pytest.mark.parametrize("lock", ROOMS)
def test_every_import_is_asked_for_by_name(lock: str) -> None:
    """What code imports is a direct requirement, not somebody else's dependency that may go."""
    asked = {canonicalize_name(requirement.name) for requirement in direct("requirements")}
    asked |= {canonicalize_name(requirement.name) for requirement in direct(lock)}
    distributions = packages_distributions()
    missing = {
        module
        for module in imported(ROOMS[lock])
        if module not in BELONGS_TO
        and not asked & {canonicalize_name(name) for name in distributions.get(module, [])}
    }
    assert missing == set()


def test_every_import_of_a_peer_is_asked_for_by_name() -> None:
    """The peers' environment has what is called there, without relying on what they bring along."""
    asked = {canonicalize_name(requirement.name) for requirement in direct(PEERS)}
    files = [file for pattern in PEERS_RUN for file in REPOSITORY.glob(pattern)]
    assert {canonicalize_name(module) for module in imported_by(files)} - asked == set()


def imported(rooms: tuple[str, ...]) -> set[str]:
    """The top-level packages of others that code in some folders imports."""
    peers = {file for pattern in PEERS_RUN for file in REPOSITORY.glob(pattern)}
    return imported_by(
        file for room in rooms for file in (REPOSITORY / room).rglob("*.py") if file not in peers
    )


def imported_by(files: Iterable[Path]) -> set[str]:
    """The top-level packages of others that some files import."""
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    ours = {name for names in ROOMS.values() for name in names}
    return found - sys.stdlib_module_names - ours


def _only_because_of_parsons(text: str, name: str) -> bool:
    entry = re.search(rf"^{re.escape(name)}==.*?(?=^[a-z0-9]|\Z)", text, re.M | re.S)
    reasons = re.findall(r"^    #   (\S+)", entry[0], re.M) if entry else []
    single = re.findall(r"^    # via (\S+)", entry[0], re.M) if entry else []
    return {*reasons, *single} == {"parsons"}


@pytest.mark.parametrize("job", SAME_JOB)
def test_no_two_clients_do_one_job_without_a_reason(job: str) -> None:
    """A second driver, client or data frame library is named here with who needs it, or absent."""
    found = SAME_JOB[job] & set(locked("requirements"))
    assert found == set(RIVALS[job])
