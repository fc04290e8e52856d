"""`python -m deployments new`: everything or nothing, and over nothing that is there."""

import json
from pathlib import Path

import pytest

from deployments.catalog.finding import find_flows
from deployments.declaration.reading import read_declaration
from deployments.scaffold import scaffold
from tests.made_repository import MadeRepository, make_repository
from utilities.errors import ChangeRefused, DeclarationInvalid, ParameterInvalid


@pytest.fixture
def repository(tmp_path: Path) -> MadeRepository:
    """A repository of three flows, in a folder with a blank in its name."""
    root = tmp_path / "made here"
    root.mkdir()
    return make_repository(root)


def test_a_new_flow_is_in_the_catalog_and_in_every_environment(repository: MadeRepository) -> None:
    """What is printed is what was written, nothing else changed, and the declaration is valid."""
    before = (repository.root / "prefect.yaml").read_text()
    done = repository.run("new", "Volunteer shifts", "--own-image", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["flow"], told["deployment"]) == ("volunteer_shifts", "volunteer-shifts")
    status = repository.git("status", "--porcelain", "--untracked-files=all", "--no-renames")
    changed = {line.split(" ", 1)[1].strip() for line in status.splitlines()}
    assert changed == {*told["written"], *told["changed"]}
    assert (repository.root / "prefect.yaml").read_text().startswith(before)

    catalog = find_flows(repository.root)
    (flow,) = [flow for flow in catalog.flows if flow.name == "volunteer_shifts"]
    assert str(flow.own_image) == "flows/volunteer_shifts"
    declared = read_declaration(repository.root, catalog)
    for environment in declared.environments.values():
        (added,) = [each for each in environment.configurations if each.name == flow.hyphenated]
        assert (added.entrypoint, added.schedules) == (flow.entrypoint, ())
        assert added.concurrency_limit == 1


def test_people_are_told_what_was_written_and_what_is_next(repository: MadeRepository) -> None:
    """Each file with what it is for, and the commands to go on with, no colour in a pipe."""
    done = repository.run("new", "volunteer-shifts")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    for line in (
        "  flows/volunteer_shifts/by_day.sql       the query",
        "  prefect.yaml                            its deployment, volunteer-shifts, is new in it",
        "  python -m pytest tests/prefect/test_volunteer_shifts.py",
    ):
        assert line in done.stdout.splitlines()
    assert "Dockerfile" not in done.stdout


@pytest.mark.parametrize(
    ("name", "holder"),
    [
        ("Orders", "a flow 'orders' in flows/orders.py"),
        ("people", "a flow 'people' in flows/people/__init__.py"),
        ("people of today", "a flow 'people_of_today' in flows/people/__init__.py"),
        ("orders-at-night", "a deployment 'orders-at-night' in prefect.yaml"),
        ("notes", "flows/notes.txt"),
    ],
)
def test_a_name_that_is_taken(repository: MadeRepository, name: str, holder: str) -> None:
    """By a flow, its function, its file, a deployment: said where, and nothing is written."""
    repository.edit(
        "prefect.yaml",
        "  - name: reports\n",
        "  - name: orders-at-night\n    entrypoint: flows/orders.py:orders\n"
        "    work_pool: {name: ecs}\n  - name: reports\n",
    )
    repository.write("flows/notes.txt", "Notes.\n")
    repository.commit()
    with pytest.raises(ParameterInvalid, match=f"there is {holder}"):
        scaffold(repository.root, name)
    assert repository.git("status", "--porcelain") == ""


def test_a_file_that_exists_is_not_written_over(repository: MadeRepository) -> None:
    """Even a test alone keeps its name."""
    repository.write("tests/prefect/test_shifts.py", "# mine\n")
    repository.commit()
    with pytest.raises(ChangeRefused, match=r"^tests/prefect/test_shifts.py exists"):
        scaffold(repository.root, "shifts")
    assert repository.git("status", "--porcelain") == ""


def test_a_declaration_that_is_not_valid_stays_as_it_is(repository: MadeRepository) -> None:
    """What was wrong before is said with its line, and the flow is not written."""
    repository.edit("prefect.yaml", "cron: ", "corn: ")
    repository.commit()
    done = repository.run("new", "shifts")
    assert done.returncode == 1
    assert done.stderr.startswith("DeclarationInvalid: ")
    assert "prefect.yaml:" in done.stderr
    assert "corn" in done.stderr
    assert repository.git("status", "--porcelain") == ""


def test_an_entry_that_would_not_be_valid_is_not_written(repository: MadeRepository) -> None:
    """An environment that lacks the pool which the others use: the error comes first."""
    repository.edit("environments.yaml", '    ecs: {name: "shop-local", type: process}\n', "")
    repository.commit()
    with pytest.raises(DeclarationInvalid):
        scaffold(repository.root, "shifts")
    assert repository.git("status", "--porcelain") == ""


def test_what_cannot_be_finished_is_taken_back(repository: MadeRepository) -> None:
    """A file in the place of a folder: the flow's files, written before, are gone again."""
    repository.write("tests", "not a folder\n")
    repository.commit()
    with pytest.raises(OSError, match="tests"):
        scaffold(repository.root, "shifts")
    assert repository.git("status", "--porcelain", "--ignored") == ""


def test_the_declaration_keeps_its_mode_and_its_link(repository: MadeRepository) -> None:
    """It may be a link to a file elsewhere, and is exchanged there."""
    file, elsewhere = repository.root / "prefect.yaml", repository.root / "declared.yaml"
    file.rename(elsewhere)
    elsewhere.chmod(0o640)
    file.symlink_to(elsewhere.name)
    scaffold(repository.root, "shifts")
    assert file.is_symlink()
    assert elsewhere.stat().st_mode & 0o777 == 0o640
    assert "- name: shifts\n" in elsewhere.read_text()
