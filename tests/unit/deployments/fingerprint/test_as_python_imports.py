"""What counts as imported is what Python imports."""

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.deployments.fingerprint.made_flow import depend, names

FILES = {
    "flows/orders.py": """
from __future__ import annotations
import shelf.plain
import shelf.aliased as other
from shelf.named import VALUE
from shelf import from_parent
from shelf.package import exported
from .beside import VALUE as beside
from flows.team.shared import VALUE as shared
from shelf.everything import *
import settings_of_ours
""",
    "flows/beside.py": "VALUE = 1\n",
    "flows/unrelated.py": "VALUE = 1\n",
    "flows/team/shared.py": "from ..team import more\nVALUE = more.VALUE\n",
    "flows/team/more.py": "VALUE = 1\n",
    "flows/team/unrelated.py": "VALUE = 1\n",
    "shelf/plain.py": "from importlib import import_module\nimport_module('shelf.by_text')\n",
    "shelf/by_text.py": "",
    "shelf/aliased.py": "",
    "shelf/named.py": "from shelf.package.deep.inner import VALUE\n",
    "shelf/from_parent.py": "",
    "shelf/package/__init__.py": "from .hidden import exported\n",
    "shelf/package/hidden.py": "exported = 1\n",
    "shelf/package/other.py": "",
    "shelf/package/deep/__init__.py": "from ...package import hidden\n",
    "shelf/package/deep/inner.py": "VALUE = 1\n",
    "shelf/everything/__init__.py": "__all__ = ['listed', 'VALUE']\nVALUE = 1\n",
    "shelf/everything/listed.py": "",
    "shelf/everything/unlisted.py": "",
    "shelf/both.py": "import shelf.never\n",
    "shelf/both/__init__.py": "from . import inside\n",
    "shelf/both/inside.py": "import shelf.both\n",
    "shelf/never.py": "",
    "settings_of_ours.py": "import shelf.both\n",
}

IMPORT = """
import json, sys
import flows.orders
files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
print(json.dumps([file for file in files if file]))
"""


def test_the_modules_are_those_that_python_imports(tmp_path: Path) -> None:
    """Every way of writing an import, with Python itself as the judge."""
    depends = depend(tmp_path, FILES, packages=("flows", "shelf", "settings_of_ours"))
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    imported = [Path(file) for file in json.loads(done.stdout)]
    inside = [file.relative_to(tmp_path) for file in imported if file.is_relative_to(tmp_path)]
    assert sorted(map(str, depends.files)) == sorted(map(str, inside))


def test_an_import_in_a_function_counts_and_one_for_types_does_not(tmp_path: Path) -> None:
    """The first is made by some runs, the second by none."""
    flow = """
import typing
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from shelf.types import Row
else:
    import shelf.otherwise
if typing.TYPE_CHECKING:
    import shelf.more_types
def run() -> None:
    import shelf.late
"""
    files = {"flows/orders.py": flow} | {
        f"shelf/{name}.py": "" for name in ("types", "more_types", "late", "otherwise")
    }
    depends = depend(tmp_path, files)
    assert names(depends) == ["flows/orders.py", "shelf/late.py", "shelf/otherwise.py"]


def test_what_lies_beside_a_flow_counts_only_when_it_imports_it(tmp_path: Path) -> None:
    """A package may hold another entry point, such as `__main__`."""
    files = {
        "flows/orders/__init__.py": "from flows.orders.rows import ROWS\n",
        "flows/orders/rows.py": "ROWS = 1\n",
        "flows/orders/__main__.py": "import shelf.command_line\n",
        "shelf/command_line.py": "",
    }
    depends = depend(tmp_path, files, flow="flows/orders/__init__.py")
    assert names(depends) == ["flows/orders/__init__.py", "flows/orders/rows.py"]


def test_a_reason_is_the_nearest_importer(tmp_path: Path) -> None:
    """Of several ways to a file the shortest is told, the same each time."""
    files = {
        "flows/orders.py": "import shelf.first, shelf.second\n",
        "shelf/first.py": "import shelf.third\n",
        "shelf/second.py": "import shelf.third\n",
        "shelf/third.py": "import shelf.first\n",
    }
    depends = depend(tmp_path, files)
    assert {str(file): reason for file, reason in depends.because.items()} == {
        "flows/__init__.py": "flows.orders",
        "shelf/__init__.py": "shelf.first",
        "shelf/first.py": "flows.orders",
        "shelf/second.py": "flows.orders",
        "shelf/third.py": "shelf.first",
    }
