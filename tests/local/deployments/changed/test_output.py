"""What `changed` prints, for people, for a pull request and for machines."""

import json
from pathlib import Path

import pytest

from deployments.commands.changed import changed
from tests.made_repository import MadeRepository, make_repository


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeRepository:
    """A repository with edits of every kind, and the current folder."""
    made = make_repository(tmp_path / "a shop")
    made.write("shelf/numbers.py", "DIGITS = 2\n")
    (made.root / "shelf/rounding.py").unlink()
    made.edit("shelf/money.py", "shelf.rounding", "shelf.numbers")
    made.edit("environments.yaml", "SHOP: staging", "SHOP: test")
    made.edit("prefect.yaml", "  - name: reports", "  - name: reports-late")
    monkeypatch.chdir(made.root)
    return made


def test_text_is_a_table(made: MadeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each reason, and one for the sum; nothing is cut off and there is no colour."""
    changed(base="main")
    commit = made.git("rev-parse", "--short=12", "main")
    moved = "renamed from shelf/rounding.py, imported by shelf.money"
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        f"{'deployment':15}  {'change':30}  why",
        f"{'orders':15}  {'code and configuration changed':30}  ← shelf/money.py (imported by "
        "flows.orders)",
        f"{'':15}  {'':30}  ← shelf/numbers.py ({moved})",
        f"{'':15}  {'':30}  ← prefect.yaml and environments.yaml (variables in staging)",
        f"{'people-of-today':15}  {'configuration changed':30}  ← prefect.yaml and "
        "environments.yaml (variables in staging)",
        f"{'reports-late':15}  {'added':30}  flows/reports.py:reports (until now reports)",
        f"{'reports':15}  {'removed':30}  flows/reports.py:reports (from now on reports-late)",
        f"4 of 4 deployments change, compared with main at {commit}.",
    ]


def test_markdown_is_a_comment(made: MadeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Names are code, so that no underscore of theirs makes anything bold."""
    changed(base="main", markdown=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "### Deployments that change"
    assert lines[2].startswith("4 of 4 deployments change, compared with main at ")
    assert lines[4:6] == ["| deployment | change | why |", "| --- | --- | --- |"]
    assert lines[6] == (
        "| `orders` | code and configuration changed | ← `shelf/money.py` (imported by "
        "`flows.orders`)<br>← `shelf/numbers.py` (renamed from `shelf/rounding.py`, imported by "
        "`shelf.money`)<br>← `prefect.yaml` and `environments.yaml` (variables in staging) |"
    )
    assert len(lines) == 10


def test_json_is_whole(made: MadeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Every reason in its parts."""
    changed(base="main", json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["base"], told["commit"]) == ("main", made.git("rev-parse", "main"))
    assert told["unchanged"] == 0
    assert [each["name"] for each in told["deployments"]] == [
        "orders",
        "people-of-today",
        "reports-late",
        "reports",
    ]
    assert told["deployments"][0] == {
        "name": "orders",
        "entrypoint": "flows/orders.py:orders",
        "change": "changed",
        "renamed": None,
        "code": [
            {
                "file": "shelf/money.py",
                "how": "modified",
                "reached_by": "flows.orders",
                "renamed_from": None,
            },
            {
                "file": "shelf/numbers.py",
                "how": "renamed",
                "reached_by": "shelf.money",
                "renamed_from": "shelf/rounding.py",
            },
        ],
        "configuration": [
            {
                "files": ["prefect.yaml", "environments.yaml"],
                "keys": ["variables"],
                "environments": ["staging"],
            }
        ],
        "broken": [],
    }


def test_nothing_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people and for a pull request alike."""
    made = make_repository(tmp_path)
    monkeypatch.chdir(made.root)
    changed(base="HEAD")
    changed(base="HEAD", markdown=True)
    commit = made.git("rev-parse", "--short=12", "HEAD")
    line = f"None of 3 deployments changes, compared with HEAD at {commit}.\n"
    assert capsys.readouterr().out == line * 2


def test_the_command_ends_with_0_whatever_changed_and_1_when_it_cannot_tell(
    made: MadeRepository,
) -> None:
    """A commit that git does not know is an error in one line."""
    found = made.run("changed", "--base", "main")
    assert (found.returncode, found.stderr) == (0, "")
    lost = made.run("changed", "--base", "nowhere")
    assert (lost.returncode, lost.stdout) == (1, "")
    assert lost.stderr == (
        "RepositoryNotReady: git knows no commit 'nowhere' here. Expected a branch, tag or hash, "
        "such as origin/main; get a remote branch with: git fetch origin main\n"
    )
