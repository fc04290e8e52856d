"""Which deployments an edit changes, and the reason that is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deployments.changed import changed
from deployments.changed.telling import reasons
from tests.made_repository import MadeRepository, make_repository

Told = dict[str, list[str]]


@pytest.fixture
def made(tmp_path: Path) -> MadeRepository:
    """A repository on main, with a branch checked out."""
    made = make_repository(tmp_path / "a shop")
    made.git("switch", "--quiet", "--create", "feature/edit")
    return made


def told(made: MadeRepository) -> Told:
    """Return the reasons of each deployment that differs."""
    changes = changed(made.root, "main")
    assert len(changes.deployments) + changes.unchanged == 3
    return {each.name: list(reasons(each)) for each in changes.deployments}


def test_nothing_changed_is_nothing(made: MadeRepository) -> None:
    """Also when the branch has commits, and files that no deployment depends on differ."""
    made.write("README.md", "Read me.\n")
    made.commit()
    made.write("docs/notes.md", "Notes.\n")
    assert told(made) == {}


@pytest.mark.parametrize("is_committed", [True, False])
def test_an_edit_of_a_module_is_told_with_who_imports_it(
    made: MadeRepository, is_committed: bool
) -> None:
    """Whether it is committed or not."""
    made.edit("shelf/rounding.py", "2", "3")
    if is_committed:
        made.commit()
    assert told(made) == {"orders": ["← shelf/rounding.py (imported by shelf.money)"]}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda made: made.edit("flows/orders.py", "10", "11"),
            {"orders": ["← flows/orders.py"]},
        ),
        (
            lambda made: made.edit("flows/people/people.sql", "1", "2"),
            {"people-of-today": ["← flows/people/people.sql (belongs to flows.people)"]},
        ),
        (
            lambda made: made.write("flows/people/sql/new.sql", "SELECT 3;\n"),
            {"people-of-today": ["← flows/people/sql/new.sql (added, belongs to flows.people)"]},
        ),
        (
            lambda made: (made.root / "flows/people/people.sql").unlink(),
            {"people-of-today": ["← flows/people/people.sql (deleted, belongs to flows.people)"]},
        ),
        (
            lambda made: made.edit("requirements.txt", "3.8.8", "3.8.9"),
            dict.fromkeys(("orders", "people-of-today", "reports"), ["← requirements.txt"]),
        ),
        (
            lambda made: made.write(".dockerignore", "tests\n"),
            dict.fromkeys(("orders", "people-of-today", "reports"), ["← .dockerignore (added)"]),
        ),
        (
            lambda made: made.write("flows/people/requirements.txt", "polars\n"),
            {"people-of-today": ["← flows/people/requirements.txt (added)"]},
        ),
        (
            lambda made: made.write("shelf/unused.py", "x = 1\n"),
            {},
        ),
        (
            lambda made: made.write("flows/reports.py", "import shelf.names\n" + REPORTS),
            {"reports": ["← flows/reports.py"]},
        ),
    ],
)
def test_every_kind_of_file(
    made: MadeRepository, edit: Callable[[MadeRepository], object], expected: Told
) -> None:
    """Each with the shortest reason, and only for those that depend on it."""
    edit(made)
    assert told(made) == expected


REPORTS = """
from prefect import flow

@flow(name="reports", description="Write the reports.")
def reports() -> None:
    pass
"""


def test_a_file_that_is_no_longer_imported_is_not_the_reason(made: MadeRepository) -> None:
    """What dropped the import is."""
    made.write("shelf/money.py", "CENTS = 100\n")
    made.edit("shelf/rounding.py", "2", "4")
    assert told(made) == {"orders": ["← shelf/money.py (imported by flows.orders)"]}


def test_a_deleted_module_is_a_reason(made: MadeRepository) -> None:
    """Though what imported it differs too."""
    made.write("shelf/money.py", "CENTS = 100\n")
    (made.root / "shelf/rounding.py").unlink()
    assert told(made) == {
        "orders": [
            "← shelf/money.py (imported by flows.orders)",
            "← shelf/rounding.py (deleted, imported by shelf.money)",
        ]
    }


def test_what_happened_on_main_since_is_not_held_against_the_branch(made: MadeRepository) -> None:
    """The merge base is compared with, not the tip."""
    made.edit("shelf/names.py", "Hello", "Good morning")
    made.commit()
    made.git("switch", "--quiet", "main")
    made.edit("shelf/rounding.py", "2", "3")
    made.commit()
    made.git("switch", "--quiet", "feature/edit")
    assert told(made) == {"people-of-today": ["← shelf/names.py (imported by flows.people)"]}


def test_a_file_that_moved_is_told_with_where_it_was(made: MadeRepository) -> None:
    """Also when it was edited on the way."""
    made.write("shelf/numbers.py", "DIGITS = 2\n")
    (made.root / "shelf/rounding.py").unlink()
    made.edit("shelf/money.py", "shelf.rounding", "shelf.numbers")
    assert told(made) == {
        "orders": [
            "← shelf/money.py (imported by flows.orders)",
            "← shelf/numbers.py (renamed from shelf/rounding.py, imported by shelf.money)",
        ]
    }


def test_a_flow_that_moved_is_the_same_deployment(made: MadeRepository) -> None:
    """With another entrypoint."""
    made.git("mv", "flows/orders.py", "flows/purchases.py")
    made.edit("prefect.yaml", "flows/orders.py", "flows/purchases.py")
    assert told(made) == {
        "orders": [
            "← flows/purchases.py (renamed from flows/orders.py)",
            "← prefect.yaml (entrypoint)",
        ]
    }


def test_a_flow_with_another_name_is_another_deployment(made: MadeRepository) -> None:
    """Told on both sides, each with the other's name."""
    made.git("mv", "flows/orders.py", "flows/purchases.py")
    made.edit("flows/purchases.py", 'name="orders"', 'name="purchases"')
    made.edit("prefect.yaml", "name: orders", "name: purchases")
    made.edit("prefect.yaml", "flows/orders.py", "flows/purchases.py")
    made.edit("environments.yaml", "orders:", "purchases:")
    changes = changed(made.root, "main")
    assert [(each.name, each.change, each.renamed) for each in changes.deployments] == [
        ("purchases", "added", "orders"),
        ("orders", "removed", "purchases"),
    ]
    assert changes.unchanged == 2


def test_a_broken_module_is_told_with_the_deployments_that_reach_it(made: MadeRepository) -> None:
    """The others are whole."""
    made.write("shelf/rounding.py", "DIGITS = (\n")
    assert told(made) == {
        "orders": [
            "← shelf/rounding.py (imported by shelf.money)",
            "cannot be deployed: shelf/rounding.py:1: it is not Python: '(' was never closed",
        ]
    }


def test_a_broken_flow_is_told_and_the_others_are_compared(made: MadeRepository) -> None:
    """Nothing is known of a flow whose own file is not Python, but that it changed."""
    made.edit("flows/orders.py", "def orders(", "def orders((")
    made.edit("flows/people/people.sql", "1", "2")
    assert told(made) == {
        "orders": [
            "← flows/orders.py",
            "cannot be deployed: flows/orders.py:9: it is not Python: invalid syntax",
        ],
        "people-of-today": ["← flows/people/people.sql (belongs to flows.people)"],
    }


def test_a_module_that_takes_over_a_folder_is_told(made: MadeRepository) -> None:
    """A file can leave a package though no file that is reached differs."""
    made.write("flows/people/sql/more.sql", "SELECT 2;\n")
    made.git("switch", "--quiet", "main")
    made.commit()
    made.git("switch", "--quiet", "feature/edit")
    made.git("merge", "--quiet", "main")
    made.write("flows/people/sql/unused.py", "")
    assert told(made) == {
        "people-of-today": [
            "← flows/people/sql/more.sql (no longer reached, belongs to flows.people)"
        ]
    }
