"""Imports by a text: what they name, or everything that they could."""

from pathlib import Path

import pytest

from tests.unit.deployments.fingerprint.made_flow import depend, names

READERS = {
    "shelf/readers/__init__.py": "",
    "shelf/readers/csv_files.py": "import shelf.text\n",
    "shelf/readers/json_files.py": "",
    "shelf/readers/rules.sql": "",
    "shelf/text.py": "",
    "shelf/other.py": "",
}
ALL_READERS = [
    "flows/orders.py",
    "shelf/readers/__init__.py",
    "shelf/readers/csv_files.py",
    "shelf/readers/json_files.py",
    "shelf/readers/rules.sql",
    "shelf/text.py",
]
ONE_READER = [
    "flows/orders.py",
    "shelf/readers/__init__.py",
    "shelf/readers/json_files.py",
    "shelf/readers/rules.sql",
]


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('shelf.readers.json_files')",
        "import importlib as il\nil.import_module(name='shelf.readers.json_files')",
        "from importlib import import_module as load\nload('shelf.readers.json_files')",
        "from importlib import import_module\nload = import_module\nload('shelf.readers.json_files')",
        "from importlib import *\nimport_module('shelf.readers.json_files')",
        "import importlib\nimportlib.import_module('.json_files', 'shelf.readers')",
        "import importlib\nimportlib.import_module('..readers.json_files', package='shelf.readers')",
        "__import__('shelf.readers.json_files')",
        "__import__('shelf.readers', fromlist=['json_files'])",
        "import builtins\nbuiltins.__import__('shelf.readers.json_files')",
        "import runpy\nrunpy.run_module('shelf.readers.json_files')",
        "import runpy\nrunpy.run_path('shelf/readers/json_files.py')\nimport shelf.readers",
        "import pkgutil\npkgutil.resolve_name('shelf.readers.json_files:read')",
        "NAME = 'json_files'\n__import__(f'shelf.readers.{NAME}')",
        "NAMES = ['json_files']\nfor name in NAMES:\n    __import__('shelf.readers.' + name)",
        "KINDS = {'json': 'shelf.readers.json_files'}\n"
        "def load(kind: str) -> None:\n    __import__(KINDS[kind])",
        "[__import__(name) for name in ('shelf.readers.json_files', 'json')]",
        "import shelf.readers as r\n__import__(r.__name__ + '.json_files')",
    ],
)
def test_a_text_that_is_written_out_is_an_import_like_any_other(tmp_path: Path, code: str) -> None:
    """Also through another name, a constant, a table or a loop."""
    depends = depend(tmp_path, READERS | {"flows/orders.py": code + "\n"})
    assert names(depends) == ONE_READER
    assert depends.dynamic_imports == ()


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\ndef load(n):\n    importlib.import_module(f'shelf.readers.{n}')",
        "import importlib\ndef load(n):\n    importlib.import_module('shelf.readers.' + n)",
        "import importlib\ndef load(n):\n    importlib.import_module('shelf.readers.%s' % n)",
        "import importlib\ndef load(n):\n    importlib.import_module('shelf.readers.{}'.format(n))",
        "import importlib\ndef load(n):\n    importlib.import_module(f'shelf.readers.csv_{n}')",
        "import importlib\ndef load(n):\n    importlib.import_module(f'.{n}', 'shelf.readers')",
        "PLACE = 'shelf.readers'\ndef load(n):\n    __import__(f'{PLACE}.{n}')",
        "def load(n):\n    __import__('shelf.readers', fromlist=[n])",
        "import pkgutil, shelf.readers\nlist(pkgutil.iter_modules(shelf.readers.__path__))",
        "import pkgutil\nfrom shelf import readers\n"
        "for info in pkgutil.walk_packages(readers.__path__, readers.__name__ + '.'):\n"
        "    __import__(info.name)",
        "import pkgutil\nfrom shelf import readers\n"
        "for _, name, _ in pkgutil.iter_modules(readers.__path__, 'shelf.readers.'):\n"
        "    __import__(name)",
    ],
)
def test_a_text_that_begins_with_a_package_reaches_all_of_it(tmp_path: Path, code: str) -> None:
    """The package is named, and everything in it counts with what that imports."""
    depends = depend(tmp_path, READERS | {"flows/orders.py": code + "\n"})
    assert names(depends) == ALL_READERS
    assert {(str(each.file), each.reaches) for each in depends.dynamic_imports} == {
        ("flows/orders.py", "shelf.readers")
    }


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\ndef load(n):\n    importlib.import_module(n)",
        "import importlib\nlist(map(importlib.import_module, []))",
        "def load(n):\n    __import__(n)",
        "import runpy\ndef load(n):\n    runpy.run_path(n)",
        "import importlib.util\ndef load(n):\n    importlib.util.spec_from_file_location('x', n)",
        "NAMES = ['shelf.text']\nNAMES.append(input())\nfor name in NAMES:\n    __import__(name)",
        "from shelf.text import NAMES\nfor name in NAMES:\n    __import__(name)",
        "import importlib\ndef load(n, p):\n    importlib.import_module(f'.{n}', p)",
    ],
)
def test_a_text_that_nobody_knows_reaches_every_package(tmp_path: Path, code: str) -> None:
    """Rather a deployment too many than a change that is not deployed."""
    depends = depend(tmp_path, READERS | {"flows/orders.py": code + "\n"})
    assert names(depends) == sorted(["shelf/other.py", *ALL_READERS])
    assert [each.reaches for each in depends.dynamic_imports] == ["flows", "shelf"]


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module('json.decoder')",
        "import importlib\ndef load(n):\n    importlib.import_module(f'sqlalchemy.dialects.{n}')",
        "from importlib.metadata import version\nversion('prefect')",
        "import importlib.util\nimportlib.util.find_spec('polars')",
        "import importlib\nimport json\nimportlib.reload(json)",
    ],
)
def test_what_is_not_ours_reaches_nothing(tmp_path: Path, code: str) -> None:
    """Other people's packages are pinned by the lock, which counts by itself."""
    depends = depend(tmp_path, READERS | {"flows/orders.py": code + "\n"})
    assert names(depends) == ["flows/orders.py"]
    assert depends.dynamic_imports == ()


@pytest.mark.parametrize(
    "code",
    [
        "from importlib.resources import files\nfiles('shelf.readers').joinpath('rules.sql')",
        "from importlib import resources\nresources.read_text('shelf.readers', 'rules.sql')",
        "import pkgutil\npkgutil.get_data('shelf.readers', 'rules.sql')",
        "import importlib.resources\nfrom shelf import readers\nimportlib.resources.files(readers)",
    ],
)
def test_reading_the_data_of_a_package_reaches_the_package(tmp_path: Path, code: str) -> None:
    """A run that reads SQL of a package which it never imports depends on it all the same."""
    depends = depend(tmp_path, READERS | {"flows/orders.py": code + "\n"})
    assert names(depends) == [
        "flows/orders.py",
        "shelf/readers/__init__.py",
        "shelf/readers/rules.sql",
    ]
    assert depends.dynamic_imports == ()


def test_a_package_that_loads_its_own_modules_is_whole(tmp_path: Path) -> None:
    """The usual registry: it is named where it stands, for every flow that imports the package."""
    registry = (
        "import importlib, pkgutil\n\n"
        "for info in pkgutil.iter_modules(__path__):\n"
        "    importlib.import_module(f'{__name__}.{info.name}')\n"
    )
    files = READERS | {
        "shelf/readers/__init__.py": registry,
        "flows/orders.py": "import shelf.readers\n",
    }
    depends = depend(tmp_path, files)
    assert names(depends) == ALL_READERS
    told = [(str(each.file), each.line, each.reaches) for each in depends.dynamic_imports]
    assert told == [
        ("shelf/readers/__init__.py", 3, "shelf.readers"),
        ("shelf/readers/__init__.py", 4, "shelf.readers"),
    ]


def test_a_package_that_is_run_is_its_main_module(tmp_path: Path) -> None:
    """As `python -m` does it."""
    files = READERS | {
        "shelf/readers/__main__.py": "import shelf.text\n",
        "flows/orders.py": "import runpy\nrunpy.run_module('shelf.readers')\n",
    }
    assert names(depend(tmp_path, files)) == [
        "flows/orders.py",
        "shelf/readers/__init__.py",
        "shelf/readers/__main__.py",
        "shelf/readers/rules.sql",
        "shelf/text.py",
    ]


def test_all_that_is_worked_out_makes_a_star_import_whole(tmp_path: Path) -> None:
    """`__all__` from a listing of the folder may name any module of the package."""
    files = READERS | {
        "shelf/readers/__init__.py": "import os\n__all__ = [n for n in os.listdir('.')]\n",
        "flows/orders.py": "from shelf.readers import *\n",
    }
    depends = depend(tmp_path, files)
    assert names(depends) == ALL_READERS
    assert [each.reaches for each in depends.dynamic_imports] == ["shelf.readers"]
