"""What a declaration cannot mean is refused before Prefect is asked."""

from pathlib import Path

import pytest

from blocks.kinds.work_queues import WorkQueues
from blocks.scope import read_scope
from tests.prefect.blocks.declared import declare
from tests.unit.blocks.made_scope import made_scope
from utilities.errors import DeclarationInvalid, SettingsInvalid, SourceNotFound

LAPTOP = {"pools": {"process": "PROJECT-laptop"}, "working_directory": "."}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {"secrets": ["TOKEN"], "variables": {"TOKEN": "x", "OTHER": "y"}},
            "TOKEN",
        ),
        ({"pools": {"process": "prefect-laptop"}}, "which Prefect keeps for itself"),
        (
            {
                "pools": {"process": "one", "ecs": "one"},
                "image_repository": "registry.example.org/shop",
            },
            "declared with the types ecs and process",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    section: dict[str, object], message: str, tmp_path: Path
) -> None:
    """The message names the environment and what to mend."""
    declared = declare(tmp_path, {}, {**LAPTOP, **section})
    declared.write()
    with pytest.raises(DeclarationInvalid, match=message):
        read_scope(tmp_path, declared.environment, needs_address=True)


def test_two_queues_with_one_priority_are_refused() -> None:
    """Prefect would move one of them at each apply, for ever."""
    queues = {"ecs": {"urgent": {"priority": 1}, "first": {"priority": 1}}}
    with pytest.raises(DeclarationInvalid, match="2 queues of the work pool shop-ecs"):
        WorkQueues(made_scope(queues=queues)).wanted()


def test_queues_are_made_in_the_order_of_their_priorities() -> None:
    """A queue that is put before another moves that one back, so the first goes first."""
    queues = {"ecs": {"any": {}, "later": {"priority": 3}, "urgent": {"priority": 1}}}
    wanted = WorkQueues(made_scope(queues=queues)).wanted()
    assert [each.name for each in wanted] == ["shop-ecs/urgent", "shop-ecs/later", "shop-ecs/any"]


@pytest.mark.parametrize("rate", ["0", "-1", "many"])
def test_a_rate_that_is_none_is_refused(rate: str, tmp_path: Path) -> None:
    """It would make a limit that lets nothing through."""
    declared = declare(tmp_path, {}, {**LAPTOP, "variables": {"VAN_REQUESTS_PER_SECOND": rate}})
    declared.write()
    with pytest.raises(SettingsInvalid, match=f"VAN_REQUESTS_PER_SECOND: found '{rate}'"):
        read_scope(tmp_path, declared.environment, needs_address=True)


def test_an_environment_that_is_not_at_aws_reads_its_address_from_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret's name is the variable's; without it the message says so."""
    told = {"notifications": {"type": "webhook", "address_from": "ALARMS"}}
    declared = declare(tmp_path, {}, {**LAPTOP, "prefect": told})
    declared.write()
    with pytest.raises(SourceNotFound, match="ALARMS: .* is not set"):
        read_scope(tmp_path, declared.environment, needs_address=True)
    monkeypatch.setenv("ALARMS", "http://127.0.0.1:9/alarms")
    scope = read_scope(tmp_path, declared.environment, needs_address=True)
    assert scope.address == "http://127.0.0.1:9/alarms"
    assert "127.0.0.1" not in repr(scope)
