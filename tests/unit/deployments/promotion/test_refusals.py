"""Why a deployment is not promoted, as far as its record and its last run tell."""

from dataclasses import replace

import pytest

from deployments.declaration import EnvironmentLayer
from deployments.identity import Release
from deployments.promotion.refusals import (
    require_commit,
    require_image,
    require_parameters,
    require_tested,
)
from deployments.status.runs import Run
from deployments.wanted import Wanted
from tests.unit.deployments.made_wanted import COMMIT, RELEASE, make_record, make_wanted
from utilities.errors import ChangeRefused, DeclarationInvalid

RECORD = make_record(make_wanted(), number=3)


def make_run(state: str, version: str | None = RECORD.version) -> Run:
    return Run("1", "brave-bee", state, state.title(), "2026-11-21T08:00:00Z", version)


def test_without_a_run_it_is_promoted_with_a_warning() -> None:
    """A deployment that never ran may go: many run once a month."""
    notes = require_tested("staging", RECORD, None, insist=False)
    assert notes == ("has no finished run in staging: nothing tells that it works",)


@pytest.mark.parametrize("state", ["FAILED", "CRASHED"])
def test_a_last_run_that_ended_badly_refuses_it(state: str) -> None:
    """Failed or crashed; who insists is told it all the same."""
    with pytest.raises(ChangeRefused) as refused:
        require_tested("staging", RECORD, make_run(state), insist=False)
    assert str(refused.value) == (
        f"orders: its last run in staging, brave-bee, ended as {state.title()} at "
        "2026-11-21T08:00:00Z. Mend it and run it there, or pass --even-if-failed."
    )
    notes = require_tested("staging", RECORD, make_run(state), insist=True)
    assert notes == (f"its last run in staging, brave-bee, ended as {state.title()}",)


def test_a_run_of_another_version_tells_little() -> None:
    """The last run was before the version that is promoted: said, not refused."""
    (note,) = require_tested("staging", RECORD, make_run("COMPLETED", "v2-x-y"), insist=False)
    assert note == f"its last run in staging was of v2-x-y, not of {RECORD.version}"
    assert require_tested("staging", RECORD, make_run("COMPLETED"), insist=False) == ()


def test_files_that_no_commit_holds_are_not_promoted() -> None:
    """What runs of a dirty tree can be found nowhere again."""
    assert require_commit(RECORD) == RELEASE
    dirty = make_record(make_wanted(), release=Release(f"{COMMIT}-dirty", "1", "main"))
    with pytest.raises(ChangeRefused, match="runs files that no commit holds"):
        require_commit(dirty)


def test_an_image_cannot_come_from_a_process_pool() -> None:
    """A target whose runs start from images needs one; a target without takes none along."""
    process = make_wanted(pool_type="process", image_repository=None)
    target = make_wanted(environment="production")
    with pytest.raises(ChangeRefused, match="ran in staging without an image"):
        require_image("staging", make_record(process), target)
    assert require_image("staging", RECORD, target) == make_wanted().image(COMMIT)
    assert require_image("staging", RECORD, replace(process)) is None


def test_parameters_of_the_target_have_to_fit_the_tested_code() -> None:
    """A wrong type is refused, a parameter that the code does not name is told."""
    schema = {"type": "object", "properties": {"limit": {"type": "integer"}}}
    record = replace(RECORD, fields={**RECORD.fields, "parameter_openapi_schema": schema})

    def target(**parameters: object) -> Wanted:
        layer = EnvironmentLayer(parameters, {}, {})
        return make_wanted(environment="production", parameters=parameters, layer=layer)

    assert require_parameters(target(limit=5), record) == ()
    assert require_parameters(target(most=5), record) == (
        "production gives it the parameter most, which the tested code does not name",
    )
    with pytest.raises(DeclarationInvalid, match="orders: parameters: limit: 'x' is not of type"):
        require_parameters(target(limit="x"), record)
