"""What the workflows promise beyond what linters know, and that each promise can be broken."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.infrastructure.workflows import rules
from tests.infrastructure.workflows.reading import GITHUB, REPOSITORY, workflows

BREAKS: dict[Callable[[Path], Iterator[str]], tuple[str, str, str]] = {
    rules.not_pinned: ("workflows/check.yaml", " # v6.0.2", " # v6"),
    rules.too_much_allowed: (
        "workflows/check.yaml",
        "contents: read\n",
        "contents: read\n      id-token: write\n",
    ),
    rules.roles_without_environment: (
        "workflows/rollback.yaml",
        "    environment: ${{ inputs.environment }}\n",
        "",
    ),
    rules.endless: ("workflows/tests.yaml", "    timeout-minutes: 5\n", ""),
    rules.cancelled_half_way: (
        "workflows/deploy.yaml",
        "cancel-in-progress: false",
        "cancel-in-progress: true",
    ),
    rules.secrets: ("workflows/rollback.yaml", "inputs.to }}", "secrets.TO }}"),
    rules.other_triggers: ("workflows/redeploy.yaml", "schedule:", "workflow_run:"),
    rules.untrusted_shell: ("workflows/promote.yaml", '"$SOURCE"', '"${{ inputs.source }}"'),
    rules.unknown_inputs: ("workflows/redeploy.yaml", "rebuild: ${{", "rebuilt: ${{"),
}


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.__name__)
def test_nothing_breaks_the_rule(rule: Callable[[Path], Iterator[str]]) -> None:
    """The workflows keep it."""
    assert list(rule(GITHUB)) == []


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.__name__)
def test_what_breaks_the_rule_is_found(
    rule: Callable[[Path], Iterator[str]], tmp_path: Path
) -> None:
    """A copy with one edit does not keep it."""
    broken = Path(shutil.copytree(GITHUB, tmp_path / ".github"))
    file, old, new = BREAKS[rule]
    text = (broken / file).read_text()
    assert old in text
    (broken / file).write_text(text.replace(old, new, 1))
    assert list(rule(broken))


def test_the_document_tells_of_every_workflow() -> None:
    """Each that something begins, but one that only others call."""
    document = (REPOSITORY / "docs" / "continuous-deployment.md").read_text()
    begun = [file for file, each in workflows().items() if set(each["on"]) != {"workflow_call"}]
    assert [file for file in begun if f"(../.github/workflows/{file})" not in document] == []
