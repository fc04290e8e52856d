"""What `list` prints: every flow, and what nobody can tell without running it."""

import json
from pathlib import Path

import pytest

from deployments.commands.list_flows import list_flows
from tests.made_repository import MadeRepository, make_repository
from utilities.errors import DeclarationInvalid


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeRepository:
    """A repository, and the current folder."""
    made = make_repository(tmp_path / "a shop")
    monkeypatch.chdir(made.root)
    return made


def test_a_row_tells_a_flow(made: MadeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, place, deployments, parameters, and the first line of what it says of itself."""
    made.edit("prefect.yaml", "  - name: reports\n", "  - name: reports-late\n")
    list_flows()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["flow", "file", "deployments", "parameters", "what", "it", "does"],
        "orders flows/orders.py:9 orders [day] [limit] Load the orders of a day.".split(),
        "people_of_today flows/people/__init__.py:13 people-of-today [full] Load the "
        "people.".split(),
        "reports flows/reports.py:7 reports-late Write the reports.".split(),
    ]


def test_what_needs_attention_follows(
    made: MadeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Flows without a deployment, files that are not Python, imports that only a run knows, or that leave
    what a run may import."""
    made.write("flows/new.py", "import prefect\n@prefect.flow\ndef new(day, **rest): ...\n")
    made.write("flows/broken.py", "# prefect flow\ndef broken(:\n")
    made.write("shelf/rounding.py", "DIGITS = 2\ndef load(n):\n    __import__(f'shelf.{n}')\n")
    made.write("store/prices.py", "")
    made.edit("flows/reports.py", "from prefect", "import json\nimport store.prices\nfrom prefect")
    list_flows()
    out = capsys.readouterr().out
    assert "new              flows/new.py:3               -                day ..." in out
    assert out.endswith(
        "\n\nWithout a deployment: new\n"
        "\nNot readable:\n  flows/broken.py:2: invalid syntax\n"
        "\nImports whose module only a run knows; all that they may reach counts as imported:\n"
        "  shelf/rounding.py:3: anything in shelf\n"
        "\nNot among the packages of environments.yaml, so what changes there goes unseen:\n"
        "  store, imported by flows/reports.py\n"
    )


def test_json_tells_all(made: MadeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    """Types and defaults, own image, dynamic imports of each flow."""
    made.write("flows/people/requirements.txt", "polars\n")
    made.write("shelf/rounding.py", "DIGITS = 2\ndef load(n):\n    __import__(f'shelf.{n}')\n")
    list_flows(json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["unreadable"] == []
    orders, people, _ = told["flows"]
    assert orders == {
        "name": "orders",
        "entrypoint": "flows/orders.py:orders",
        "file": "flows/orders.py",
        "line": 9,
        "description": "Load the orders of a day.",
        "parameters": [
            {"name": "day", "annotation": "str", "default": "'today'"},
            {"name": "limit", "annotation": "int", "default": "10"},
        ],
        "takes_any_parameter": False,
        "own_image": None,
        "deployments": ["orders"],
        "dynamic_imports": [{"file": "shelf/rounding.py", "line": 3, "reaches": "shelf"}],
        "undeclared": [],
    }
    assert people["own_image"] == "flows/people"
    assert people["dynamic_imports"] == []


def test_flows_are_shown_beside_an_invalid_declaration(
    made: MadeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are what one needs to see to mend it."""
    made.edit("prefect.yaml", "flows/orders.py:orders", "flows/order.py:orders")
    with pytest.raises(DeclarationInvalid, match="flows/order.py"):
        list_flows()
    assert "flows/orders.py:9" in capsys.readouterr().out


def test_the_command_needs_no_package_of_a_flow(made: MadeRepository) -> None:
    """Nothing is imported, so nothing has to be installed or configured."""
    made.write("flows/new.py", "import not_installed, prefect\n@prefect.flow\ndef new(): ...\n")
    done = made.run("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Without a deployment: new" in done.stdout
