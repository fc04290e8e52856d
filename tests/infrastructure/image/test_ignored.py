"""The tests read a .dockerignore as Docker does."""

from pathlib import PurePosixPath

import pytest

from tests.infrastructure.image.ignored import read_ignored

CASES = {
    "*\n": {"a": True, "a/b": True},
    "*\n!a\n": {"a": False, "a/b": False, "b": True, "ab": True},
    "*\n!a/b\n": {"a/b": False, "a/b/c": False, "a/c": True},
    "*\n!a\n**/x\n": {"a/x": True, "a/b/x/c": True, "a/xy": False},
    "a/*.py\n": {"a/b.py": True, "a/b/c.py": False},
    "x\n": {"x": True, "x/y": True, "a/x": False},
    "**/*.egg-info\n": {"a.egg-info": True, "b/a.egg-info/c": True, "b/egg-info": False},
    "# x\n\n/a/\n": {"a": True, "# x": False},
    "a?\n": {"ab": True, "a": False},
}
"""Documented examples and their like: https://docs.docker.com/build/concepts/context/"""


@pytest.mark.parametrize("text", CASES)
def test_what_a_pattern_leaves_out(text: str) -> None:
    """The last pattern that fits a path or a folder above it decides."""
    ignored = read_ignored(text)
    found = {path: ignored.leaves_out(PurePosixPath(path)) for path in CASES[text]}
    assert found == CASES[text]
