"""Linters find nothing in the workflows, and do find what is broken for the purpose."""

import shutil
from pathlib import Path

import pytest

from tests.infrastructure.workflows.linters import actionlint, schema_errors, shellcheck, zizmor
from tests.infrastructure.workflows.reading import GITHUB


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(GITHUB, tmp_path / "a folder" / ".github"))


def edit(github: Path, file: str, old: str, new: str) -> None:
    """Replace a text that a file holds."""
    path = github / file
    text = path.read_text()
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new))


def test_actionlint_finds_nothing() -> None:
    """Syntax, contexts, types and names of every expression, needs, permissions, schedules."""
    assert actionlint(sorted(GITHUB.glob("workflows/*"))) == []


SCHEMAS = {
    "vendor.github-workflows": "workflows/*",
    "vendor.github-actions": "actions/*/*",
    "vendor.dependabot": "dependabot.yml",
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_keep_the_schema_of_github(schema: str) -> None:
    """Also actions and Dependabot's file, which actionlint does not read."""
    assert schema_errors(schema, sorted(GITHUB.glob(SCHEMAS[schema]))) == []


def test_what_breaks_the_schema_is_found(broken: Path) -> None:
    """A step of an action without its shell."""
    edit(broken, "actions/python/action.yml", "      shell: bash\n", "")
    (found,) = schema_errors("vendor.github-actions", broken.glob("actions/python/*"))
    assert found.startswith("action.yml: $.runs")


def test_zizmor_finds_nothing() -> None:
    """No rule of security, with those for auditors, has anything to say; the one that is switched
    off says why in its file."""
    assert zizmor(GITHUB) == []


def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    """The run blocks are sound shell: quoted, and with every failure seen."""
    assert shellcheck(GITHUB, tmp_path) == []


def test_actionlint_finds_what_does_not_exist(broken: Path) -> None:
    """A job, a property, a permission that is not there."""
    edit(broken, "workflows/release.yaml", "needs: staging\n", "needs: stageing\n")
    edit(broken, "workflows/tests.yaml", "github.base_ref", "github.base")
    edit(broken, "workflows/rollback.yaml", "id-token: write", "id-tokens: write")
    found = actionlint(sorted(broken.glob("workflows/*")))
    told = {tuple(each.split(": ", 2)[:2]) for each in found}
    names = {(place.partition(":")[0], kind) for place, kind in told}
    assert names >= {
        ("release.yaml", "job-needs"),
        ("tests.yaml", "expression"),
        ("rollback.yaml", "permissions"),
    }


BREAKS = {
    "unpinned-uses": (
        "workflows/check.yaml",
        "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
        "actions/checkout@v6",
    ),
    "template-injection": ("workflows/rollback.yaml", '"$DEPLOYMENT"', "${{ inputs.deployment }}"),
    "excessive-permissions": ("workflows/deploy.yaml", "permissions: {}", "permissions: write-all"),
    "artipacked": ("workflows/check.yaml", "persist-credentials: false", "fetch-depth: 1"),
    "dangerous-triggers": ("workflows/tests.yaml", "pull_request:", "pull_request_target:"),
    "dependabot-cooldown": ("dependabot.yml", "default-days: 7", "default-days: 1"),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_zizmor_finds(rule: str, broken: Path) -> None:
    """Each rule that the workflows rely on fails on a copy that breaks it."""
    file, old, new = BREAKS[rule]
    edit(broken, file, old, new)
    assert [each for each in zizmor(broken) if f"{Path(file).name}: {rule}: " in each]


def test_shellcheck_finds_what_is_not_quoted(broken: Path, tmp_path: Path) -> None:
    """A word that would be split, and a failure that nobody would see."""
    edit(broken, "workflows/rollback.yaml", '"$DEPLOYMENT"', "$DEPLOYMENT")
    edit(broken, "workflows/promote.yaml", 'read -ra names <<< "$DEPLOYMENTS"', 'echo "$(false)"')
    found = shellcheck(broken, tmp_path)
    assert [each for each in found if each.startswith("rollback.yaml") and "SC2086" in each]
    assert [each for each in found if each.startswith("promote.yaml") and "SC2312" in each]
