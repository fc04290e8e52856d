"""The files of a new flow, whatever its name."""

import ast
from pathlib import PurePosixPath

import black
import isort
import pytest

from deployments.scaffold.naming import LONGEST
from deployments.scaffold.rendering import TEMPLATES, render_flow

MODE = black.Mode(line_length=100)
LENGTHS = (1, 2, 12, LONGEST - 1, LONGEST)


@pytest.mark.parametrize("length", LENGTHS)
def test_code_is_formatted_whatever_the_name_is_long(length: int) -> None:
    """black and isort leave it as it is, from the shortest name to the longest one."""
    for path, text in render_flow("z" * length, own_image=True).items():
        if path.suffix == ".py":
            assert black.format_str(text, mode=MODE) == text, path
            assert isort.code(text, profile="black", line_length=100) == text, path


def test_the_flow_is_the_last_thing_in_its_module() -> None:
    """A module that reads like the others: docstring, imports, constants, the flow."""
    text = render_flow("shifts", own_image=False)[PurePosixPath("flows/shifts/__init__.py")]
    last = ast.parse(text).body[-1]
    assert isinstance(last, ast.FunctionDef)
    assert last.name == "shifts"
    assert ast.get_docstring(last)


def test_every_sql_file_says_grain_why_and_transaction() -> None:
    """The header that the house asks for."""
    for path, text in render_flow("shifts", own_image=False).items():
        if path.suffix == ".sql":
            heads = [line.partition(":")[0] for line in text.splitlines()[:3]]
            assert heads == ["-- Grain", "-- Why", "-- Transaction"], path


def test_an_own_image_stands_on_the_root_image() -> None:
    """Its Dockerfile begins with the image that the build names, and adds the requirements."""
    folder = PurePosixPath("flows/shifts")
    files = render_flow("shifts", own_image=True)
    lines = files[folder / "Dockerfile"].splitlines()
    assert lines[1:3] == ["ARG BASE_IMAGE", "FROM ${BASE_IMAGE}"]
    assert lines[4:6] == ["USER 0", "COPY flows/shifts/requirements.txt /tmp/requirements.txt"]
    assert lines[-1] == "USER 10001"
    assert set(files) - set(render_flow("shifts", own_image=False)) == {
        folder / "Dockerfile",
        folder / "requirements.txt",
    }


def test_no_tool_takes_a_template_for_code() -> None:
    """Templates are not Python yet, so no formatter and no type checker may read them."""
    assert {path.suffix for path in TEMPLATES.iterdir()} == {".template"}
