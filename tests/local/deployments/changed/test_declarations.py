"""What a change of prefect.yaml and environments.yaml changes."""

from pathlib import Path

import pytest

from deployments.changed import changed
from deployments.changed.telling import reasons
from tests.made_repository import MadeRepository, make_repository
from utilities.errors import DeclarationInvalid

ALL = ("orders", "people-of-today", "reports")


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    """A repository on main, with a branch checked out."""
    made = make_repository(tmp_path / "a shop")
    made.git("switch", "--quiet", "--create", "feature/edit")
    return made


def told(made: MadeRepository) -> dict[str, list[str]]:
    """Return the reasons of each deployment that differs."""
    return {each.name: list(reasons(each)) for each in changed(made.root, "main").deployments}


def test_a_schedule_changes_where_it_runs(made: MadeRepository) -> None:
    """Elsewhere schedules are off, and a comment or another order of keys is nothing."""
    made.edit("prefect.yaml", "0 6 * * *", "0 7 * * *")
    made.edit("prefect.yaml", "deployments:", "# All of them.\ndeployments:")
    assert told(made) == {"orders": ["← prefect.yaml (schedules in production)"]}


def test_what_is_the_same_everywhere_names_no_environment(made: MadeRepository) -> None:
    """Several keys are told together."""
    made.edit("prefect.yaml", "limit: 1,", "limit: 2,")
    made.edit("prefect.yaml", "tags: [people]", "tags: [people, daily]")
    assert told(made) == {
        "orders": ["← prefect.yaml (concurrency_limit)"],
        "people-of-today": ["← prefect.yaml (tags)"],
    }


def test_an_override_changes_one_deployment_in_one_environment(made: MadeRepository) -> None:
    """Code and configuration are told apart."""
    made.edit("environments.yaml", "limit: 5", "limit: 6")
    made.edit("shelf/rounding.py", "2", "3")
    [change] = changed(made.root, "main").deployments
    assert list(reasons(change)) == [
        "← shelf/rounding.py (imported by shelf.money)",
        "← environments.yaml (parameters in staging)",
    ]
    assert (len(change.code), len(change.configuration)) == (1, 1)


def test_an_environment_changes_all_its_deployments(made: MadeRepository) -> None:
    """What it is called after, its variables, its coming and going."""
    made.edit("environments.yaml", "SHOP: staging", "SHOP: test")
    made.edit(
        "environments.yaml", "  staging:\n    branch: main", "  staging:\n    branch: staging"
    )
    made.edit("environments.yaml", "  local:", "  laptop:")
    why = [
        "← environments.yaml (branch, variables in staging)",
        "← environments.yaml (a removed environment in local)",
        "← environments.yaml (a new environment in laptop)",
    ]
    assert told(made) == dict.fromkeys(ALL, why)


def test_another_project_has_other_deployments(made: MadeRepository) -> None:
    """All of them are called after it."""
    made.edit("prefect.yaml", "name: shop", "name: store")
    assert told(made) == dict.fromkeys(ALL, ["← prefect.yaml (name)"])


def test_deployments_come_and_go(made: MadeRepository) -> None:
    """With their entrypoints."""
    made.edit("prefect.yaml", "  - name: reports\n", "  - name: reports-again\n")
    made.edit("prefect.yaml", "  - name: people-of-today\n", "  - name: people-of-today-late\n")
    (made.root / "flows/orders.py").write_text((made.root / "flows/orders.py").read_text() + "\n")
    changes = changed(made.root, "main")
    assert [(each.name, each.change) for each in changes.deployments] == [
        ("orders", "changed"),
        ("people-of-today-late", "added"),
        ("reports-again", "added"),
        ("people-of-today", "removed"),
        ("reports", "removed"),
    ]


def test_packages_that_a_run_may_import_are_compared(made: MadeRepository) -> None:
    """One that is no longer among them is no longer reached."""
    made.edit("environments.yaml", "packages: [flows, shelf]", "packages: [flows]")
    assert told(made)["orders"] == [
        "← shelf/__init__.py (no longer reached, imported by shelf.money)",
        "← shelf/money.py (no longer reached, imported by flows.orders)",
        "← shelf/rounding.py (no longer reached, imported by shelf.money)",
    ]


def test_an_earlier_declaration_that_is_no_longer_valid_changes_everything(
    made: MadeRepository,
) -> None:
    """It stops nobody from mending it."""
    text = (made.root / "prefect.yaml").read_text()
    made.git("switch", "--quiet", "main")
    made.edit("prefect.yaml", "entrypoint: flows/orders.py:orders", "entrypoint: nowhere")
    commit = made.commit()
    made.git("switch", "--quiet", "--create", "mended")
    made.write("prefect.yaml", text)
    found = told(made)
    assert list(found) == list(ALL)
    [why] = found["reports"]
    assert why.startswith(
        f"← prefect.yaml and environments.yaml (that of {commit[:12]} is not valid here: "
        "prefect.yaml:"
    )


def test_the_first_declaration_adds_everything(made: MadeRepository) -> None:
    """Before it there was nothing to compare with."""
    made.git("switch", "--quiet", "main")
    for name in ("prefect.yaml", "environments.yaml"):
        made.git("rm", "--quiet", "--cached", name)
    made.git("commit", "--quiet", "--message", "Without")
    assert [each.change for each in changed(made.root, "main").deployments] == ["added"] * 3


def test_a_declaration_that_is_not_valid_now_is_an_error(made: MadeRepository) -> None:
    """Of the working tree nothing can be told then."""
    made.edit("prefect.yaml", "flows/orders.py:orders", "flows/order.py:orders")
    with pytest.raises(DeclarationInvalid, match="prefect.yaml:7"):
        changed(made.root, "main")
