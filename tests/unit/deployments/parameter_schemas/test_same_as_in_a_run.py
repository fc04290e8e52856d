"""Each flow is imported as in a run of its own, although one process imports them all."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployments.parameter_schemas import FlowSchema
from deployments.parameter_schemas.reading import read_schemas

FLOW = """
from prefect import flow

@flow
def f(n = {default}): ...
"""
LETTERS = "set('abcdefghijklmnopqrstuvwxyz')"
NOISY = """
import os, subprocess, sys
print('{"flow": "no", "parameters": {}}')
os.write(1, b'{}\\n')
subprocess.run(['echo', '{}'], check=True)
sys.stdout.close()
"""
FILES = {
    # Each finds the `rows` beside it, and one is named like a package that is installed.
    "flows/a/orders.py": "import rows\n" + FLOW.format(default="rows.N"),
    "flows/a/rows.py": "N = 1\n",
    "flows/b/orders.py": "import rows\n" + FLOW.format(default="rows.N"),
    "flows/b/rows.py": "N = 2\n",
    "flows/httpx.py": FLOW.format(default=3),
    "flows/c/client.py": "import httpx\nhttpx.Client\n" + FLOW.format(default=4),
    "flows/packed/__init__.py": "from .rows import N\n" + FLOW.format(default="N"),
    "flows/packed/rows.py": "N = 5\n",
    "flows/other/__init__.py": "from .rows import N\n" + FLOW.format(default="N"),
    "flows/other/rows.py": "N = 6\n",
    "flows/writes.py": "from shelf.counted import N\n" + FLOW.format(default="N"),
    "flows/reads.py": "from shelf.counted import N\n" + FLOW.format(default="N"),
    "shelf/counted.py": "with open('count', 'a') as file:\n    file.write('once')\nN = 7\n",
    "flows/noisy.py": NOISY + FLOW.format(default="os.environ['A_SETTING']"),
    "flows/sets.py": FLOW.format(default=f"[{LETTERS}]"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with these files."""
    folder = tmp_path_factory.mktemp("a repository")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def defaults(root: Path) -> dict[str, Any]:
    """What the only parameter of each flow is by default, by file, all read at once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("A_SETTING", "set")
        names = [name for name, text in FILES.items() if "@flow" in text]
        found = read_schemas(root, [f"{name}:f" for name in names])
    values = {}
    for name in names:
        schema = found[f"{name}:f"]
        assert isinstance(schema, FlowSchema), schema
        values[name] = schema.parameters["properties"]["n"]["default"]
    return values


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("flows/a/orders.py", 1),
        ("flows/b/orders.py", 2),
        ("flows/httpx.py", 3),
        ("flows/c/client.py", 4),
        ("flows/packed/__init__.py", 5),
        ("flows/other/__init__.py", 6),
    ],
)
def test_neighbours_do_not_mix(defaults: dict[str, Any], name: str, default: int) -> None:
    """A module finds what stands beside it, not what stood beside the one before."""
    assert defaults[name] == default


def test_what_is_shared_is_imported_once(defaults: dict[str, Any], root: Path) -> None:
    """Two hundred flows over the same modules take little longer than those modules."""
    assert defaults["flows/writes.py"] == defaults["flows/reads.py"] == 7
    assert (root / "count").read_text() == "once"


def test_what_a_module_prints_is_kept_apart(defaults: dict[str, Any]) -> None:
    """Text on the standard output, of Python or of a process, is not taken for an answer; the
    environment is the one of the command."""
    assert defaults["flows/noisy.py"] == "set"


def test_a_set_has_the_same_order_each_time(defaults: dict[str, Any]) -> None:
    """A default that holds a set of texts does not make a deployment seem changed."""
    ordered = subprocess.run(
        [sys.executable, "-c", f"print(*{LETTERS}, sep='')"],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "".join(*defaults["flows/sets.py"]) == ordered.stdout.strip()
