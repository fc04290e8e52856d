"""The image holds what a run needs, and nothing else."""

import json
import os
import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest
import yaml

from deployments.git import project_files
from tests.infrastructure.image.dockerfile import read_dockerfile
from tests.infrastructure.image.ignored import read_ignored
from tests.infrastructure.image.made import REPOSITORY, Made, copied_files
from tests.unit.repository.test_locks import locked

PACKAGES = yaml.safe_load((REPOSITORY / "environments.yaml").read_text())["packages"]
OURS = ("tests", "deployments", "infrastructure", "benchmarks")

LOAD = """
import json, sys
from prefect.flows import load_flow_from_entrypoint
print(json.dumps([load_flow_from_entrypoint(each).name for each in sys.argv[1:]]))
"""

INSTALLED = """
import json, importlib.metadata as metadata
found = {each.name.lower().replace("_", "-").replace(".", "-"): each.version for each in metadata.distributions()}
print(json.dumps(found))
"""

FOUND = """
import importlib.util, json, sys
print(json.dumps([name for name in sys.argv[1:] if importlib.util.find_spec(name)]))
"""


def test_every_deployment_finds_its_flow(made: Made) -> None:
    """Each entrypoint of prefect.yaml is loaded from the image's files and packages alone."""
    declared = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text())["deployments"]
    entrypoints = [each["entrypoint"] for each in declared]
    names = json.loads(made.run("python", "-c", LOAD, *entrypoints))
    assert len(names) == len(entrypoints) > 0


def test_the_packages_are_those_of_the_lock(made: Made) -> None:
    """Exactly what requirements.txt names is installed: no tool of development.

    What the lock has for another patch of Python than this one may be there, as the image's Python
    may be of another patch.
    """
    installed = json.loads(made.run("python", "-c", INSTALLED))
    pins = re.findall(
        r"^([a-z0-9-]+)==([^ ;]+)", (REPOSITORY / "requirements.txt").read_text(), re.M
    )
    assert locked("requirements").items() <= installed.items() <= set(pins)


def test_nothing_of_development_can_be_imported(made: Made) -> None:
    """Neither tests nor what deploys and what serves a laptop are in the image."""
    development = locked("requirements-dev").keys() - locked("requirements").keys()
    names = [*OURS, *sorted(name.replace("-", "_") for name in development)]
    assert json.loads(made.run("python", "-c", FOUND, *names)) == []


def test_a_run_cannot_change_its_image(made: Made) -> None:
    """Code and packages belong to another user than the one that runs; only /tmp is open."""
    if not made.before:
        pytest.skip("only root can become another user")
    check = 'touch "$TMPDIR/own" && ! touch new && ! touch flows/new && ! touch "$0"'
    made.run("sh", "-c", f"{{ {check}; }} 2>/dev/null", str(made.folder / "opt/venv/new"))


def test_the_code_lies_where_runs_look_for_it(made: Made) -> None:
    """The pull step of prefect.yaml sets the folder that the Dockerfile copies to."""
    (step,) = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text())["pull"]
    (arguments,) = step.values()
    assert made.dockerfile.last("WORKDIR") == arguments["directory"]
    assert made.dockerfile.environment()["PYTHONPATH"] == arguments["directory"]


def test_the_image_holds_what_fingerprints_count(tmp_path: Path) -> None:
    """Of a used checkout, exactly the packages' files that git knows or would add are copied.

    Compiled modules, caches and a filled .env stay out, wherever they lie: whatever .gitignore
    names.
    """
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for file in ("Dockerfile", ".dockerignore", ".gitignore", "requirements.txt", "prefect.yaml"):
        (tmp_path / file).write_bytes((REPOSITORY / file).read_bytes())
    for package in (*PACKAGES, *OURS):
        for file in ("__init__.py", "deep/query.sql", "deep/.hidden"):
            (tmp_path / package / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / package / file).write_text("content")
    for line in (REPOSITORY / ".gitignore").read_text().split():
        for folder in (tmp_path, tmp_path / "flows", tmp_path / "flows/deep"):
            left_out = folder / line.replace("*", "made")
            if line.endswith("/"):
                left_out.mkdir()
                left_out /= "file"
            left_out.write_text("content")
    counted = {file for file in project_files(tmp_path) if file.parts[0] in PACKAGES}
    workdir = PurePosixPath("/opt/prefect-flows")
    assert copied(tmp_path) == {workdir / file for file in counted}
    assert len(counted) == 9


def test_this_checkout_is_copied_as_it_is_counted() -> None:
    """The same holds for the repository itself."""
    counted = {file for file in project_files(REPOSITORY) if file.parts[0] in PACKAGES}
    assert copied(REPOSITORY) == {PurePosixPath("/opt/prefect-flows", file) for file in counted}


def copied(root: Path) -> set[PurePosixPath]:
    """What the Dockerfile of a folder copies from it."""
    dockerfile = read_dockerfile((root / "Dockerfile").read_text())
    ignored = read_ignored((root / ".dockerignore").read_text())
    return set(copied_files(root, dockerfile, ignored))


def test_the_image_names_no_deployment(made: Made) -> None:
    """Which deployment a run belongs to, and where anything is, comes from outside."""
    assert set(made.dockerfile.environment()) == {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}
    assert "DEPLOYMENT_NAME" not in (REPOSITORY / "Dockerfile").read_text()
    assert not {"DEPLOYMENT_NAME", "COMMIT_HASH"} & made.variables.keys() & os.environ.keys()
