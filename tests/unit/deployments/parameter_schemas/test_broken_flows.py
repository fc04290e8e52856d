"""A flow that cannot be imported fails alone, and says why and where."""

from pathlib import Path

import pytest

from deployments.parameter_schemas import FlowSchema, SchemaFailure
from deployments.parameter_schemas.reading import SchemaReader, read_schemas
from utilities.errors import FlowBroken

GOOD = """
from prefect import flow

@flow
def f(n: int = 1): ...
"""
GOOD_SCHEMA = FlowSchema(
    "f",
    {
        "title": "Parameters",
        "type": "object",
        "properties": {"n": {"default": 1, "position": 0, "title": "n", "type": "integer"}},
    },
)
BROKEN = {
    "missing": ("import os\nimport no_such_package\n", "ModuleNotFoundError: No module named", 2),
    "syntax": ("x = 1\ndef f(:\n", "SyntaxError: invalid syntax", 2),
    "annotation": (GOOD.replace("int", "Missing"), "NameError: name 'Missing' is not defined", 5),
    "exits": ("import sys\n\nsys.exit('no key')\n", "SystemExit: no key", 3),
    "lines": ("raise ValueError('one\\n\\ntwo')", "ValueError: one two", 1),
    "library": ("import json\njson.loads('{')\n", "json.decoder.JSONDecodeError: Expecting", 2),
    "other_name": (GOOD.replace("f(", "g("), "prefect.exceptions.MissingFlowError: ", 1),
    "function": ("def f(): ...\n", "prefect.exceptions.MissingFlowError: ", 1),
    "default": (GOOD.replace("int = 1", "float = float('nan')"), "ValueError: Out of range", 1),
    "reads": ("input()\n", "EOFError: EOF when reading a line", 1),
    "ends": ("import os\nos._exit(3)\n", "SystemExit: the import ended the process with exit", 1),
    "killed": (
        "import os\nos.kill(os.getpid(), 9)\n",
        "SystemExit: the import ended the process with signal SIGKILL",
        1,
    ),
}


FIRST, LAST, RAISED, ABSENT = "flows/1.py:f", "flows/2.py:f", "flows/3.py:f", "flows/none.py:f"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FlowSchema | SchemaFailure]:
    """What is found when all of them are read at once."""
    root = tmp_path_factory.mktemp("a repository")
    files = {f"flows/{name}.py": text for name, (text, _, _) in BROKEN.items()}
    files |= {
        "flows/1.py": GOOD,
        "flows/2.py": GOOD,
        "flows/3.py": "import shelf.money\n",
        "shelf/money.py": "def half(): return 1 / 0\nHALF = half()\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    broken = [f"flows/{name}.py:f" for name in BROKEN]
    return read_schemas(root, [FIRST, *broken, RAISED, ABSENT, LAST])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_flow_says_why_and_where(
    found: dict[str, FlowSchema | SchemaFailure], name: str
) -> None:
    """Whatever its module does at its import, the failure names the exception and our line."""
    _, reason, line = BROKEN[name]
    failure = found[f"flows/{name}.py:f"]
    assert isinstance(failure, SchemaFailure)
    assert failure.reason.startswith(reason)
    assert failure.place == f"flows/{name}.py:{line}"


def test_the_other_flows_are_read(found: dict[str, FlowSchema | SchemaFailure]) -> None:
    """Before and after every kind of failure."""
    assert found[FIRST] == found[LAST] == GOOD_SCHEMA


def test_the_place_is_the_innermost_that_is_ours(
    found: dict[str, FlowSchema | SchemaFailure],
) -> None:
    """A shared module that raises is named, not the flow that imports it."""
    assert found[RAISED] == SchemaFailure("ZeroDivisionError: division by zero", "shelf/money.py:1")


def test_a_file_that_is_not_there_fails(found: dict[str, FlowSchema | SchemaFailure]) -> None:
    """An entrypoint without its file is a failure of that flow."""
    failure = found[ABSENT]
    assert isinstance(failure, SchemaFailure)
    assert failure.reason.startswith("FileNotFoundError: ")
    assert failure.place == "flows/none.py:1"


def test_an_import_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """With whatever it started: a process that it waits for would be left behind."""
    (tmp_path / "waits.py").write_text(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)\n"
        "while True: pass\n"
    )
    with SchemaReader(tmp_path, limit_seconds=0.2) as reader:
        assert reader.read(["waits.py:f"]) == {
            "waits.py:f": SchemaFailure(
                "TimeoutError: its import does not come to an end", "waits.py:1"
            )
        }


def test_prefect_that_cannot_be_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then no flow is to blame."""
    (tmp_path / "prefect.py").write_text("raise ImportError('broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(FlowBroken, match="^No flow can be imported, .*ImportError: broken"):
        read_schemas(tmp_path, ["flows/orders.py:f"])


def test_nothing_to_read_starts_nothing(tmp_path: Path) -> None:
    """Without entrypoints there is nothing to wait for."""
    assert read_schemas(tmp_path / "not there", []) == {}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing is left open behind."""
    with pytest.raises(FileNotFoundError):
        read_schemas(tmp_path / "not there", ["flows/orders.py:f"])
