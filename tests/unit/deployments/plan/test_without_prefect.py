"""What plan and apply say when Prefect is not there, and that the files are looked at first."""

import pytest

from tests.made_repository import MadeRepository, make_repository

NOBODY = "http://127.0.0.1:9/api"
"""The port of the discard service, which nobody runs any more."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRepository:
    """A repository."""
    return make_repository(tmp_path_factory.mktemp("without prefect"))


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_the_files_are_looked_at_before_anything_is_asked(
    made: MadeRepository, command: str
) -> None:
    """An environment that does not exist is told although nobody answers; then, that."""
    wrong = made.run(command, "--environment", "nowhere", PREFECT_API_URL=NOBODY)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.splitlines()[-1] == (
        "DeclarationInvalid: environments.yaml has no environment 'nowhere'; it has production, "
        "staging, local."
    )
    right = made.run(command, "--environment", "production", PREFECT_API_URL=NOBODY)
    assert (right.returncode, right.stdout) == (1, "")
    assert right.stderr.splitlines()[-1].startswith(f"PrefectUnavailable: Prefect at {NOBODY}: ")


def test_a_number_to_remove_needs_prune(made: MadeRepository) -> None:
    """It would do nothing without it."""
    wrong = made.run("apply", "--environment", "production", "--remove", "3")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "ParameterInvalid: --remove says how many --prune removes; it needs --prune.\n",
    )
