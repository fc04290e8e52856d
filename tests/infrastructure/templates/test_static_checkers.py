"""cfn-lint and checkov find nothing that is not excused with a reason."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.templates.authority import LINTERS
from tests.infrastructure.templates.reader import FOLDER, NAMES, read_template

EXCUSED = {
    ("AlarmTopic", "CKV_AWS_26"),
    ("FlowLogGroup", "CKV_AWS_158"),
    ("ResultsBucket", "CKV_AWS_18"),
    ("StagingBucket", "CKV_AWS_18"),
    ("StagingBucket", "CKV_AWS_21"),
    ("TaskEvents", "CKV_AWS_27"),
    ("TaskEventsFailed", "CKV_AWS_27"),
    ("WorkerLogGroup", "CKV_AWS_158"),
}
"""What is done otherwise than checkov has it; the templates say why."""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a checker, which needs nothing from the network."""
    program, *arguments = (str(part) for part in command)
    return subprocess.run(
        [LINTERS / "bin" / program, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"},
    )


def judged(folder: Path) -> dict[str, Any]:
    """What checkov says of the templates in a folder."""
    files = [part for file in sorted(folder.glob("*.yaml")) for part in ("-f", file)]
    options = ("--framework", "cloudformation", "--output", "json", "--skip-download")
    done = run("checkov", *files, *options)
    results: dict[str, Any] = json.loads(done.stdout)["results"]
    return results


def pairs(checks: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Logical id and id of the check."""
    return {(check["resource"].split(".")[-1], check["check_id"]) for check in checks}


@pytest.fixture(scope="module")
def checkov(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """checkov on all templates, and on a copy of one that is broken: it takes seconds to start."""
    folder = tmp_path_factory.mktemp("templates")
    for name in NAMES:
        (folder / f"{name}.yaml").write_text((FOLDER / f"{name}.yaml").read_text())
    text = (FOLDER / "container_registry.yaml").read_text()
    broken = text.replace("Repository:\n", "Mutable:\n", 1).replace("!Ref Repository\n", "x\n")
    broken = broken.replace("GetAtt Repository.", "GetAtt Mutable.").replace("IMMUTABLE", "MUTABLE")
    (folder / "broken.yaml").write_text(broken)
    return judged(folder)


def test_checkov_finds_nothing(checkov: dict[str, Any]) -> None:
    """What it would find is excused, each on its resource."""
    found = pairs(checkov["failed_checks"])
    assert {pair for pair in found if pair[0] != "Mutable"} == set()
    assert len(checkov["passed_checks"]) > 50


def test_checkov_finds_what_is_broken(checkov: dict[str, Any]) -> None:
    """A repository whose tags can be moved: the run looked at what it was given."""
    assert ("Mutable", "CKV_AWS_51") in pairs(checkov["failed_checks"])


def test_every_exception_is_known_and_has_a_reason(checkov: dict[str, Any]) -> None:
    """A new one has to be written down here, and an old one that is not needed is taken away."""
    assert pairs(checkov["skipped_checks"]) == EXCUSED
    written = {
        (name, skip["id"]): skip["comment"]
        for template in NAMES
        for name, resource in read_template(template)["Resources"].items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }
    assert set(written) == EXCUSED
    assert all(len(reason) > 40 for reason in written.values())


def test_cfn_lint_finds_nothing_but_what_is_broken(tmp_path: Path) -> None:
    """Neither errors nor warnings, without exceptions; a misspelt property is found."""
    broken = tmp_path / "broken.yaml"
    text = (FOLDER / "container_registry.yaml").read_text()
    broken.write_text(text.replace("ImageTagMutability", "ImageTagMutation"))
    files = [FOLDER / f"{name}.yaml" for name in NAMES]
    done = run("cfn-lint", "--format", "json", "--regions", "us-east-1", "--", *files, broken)
    found = json.loads(done.stdout)
    assert {match["Filename"] for match in found} == {str(broken)}
    assert any("ImageTagMutation" in match["Message"] for match in found)
    assert not any("cfn-lint" in file.read_text() for file in files)
