"""YAML with its lines, by whichever of PyYAML's two parsers is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.declaration import yaml_files
from deployments.declaration.located import Items, Section
from deployments.declaration.problems import Problems
from deployments.declaration.yaml_files import read_located

TEXT = """\
# a comment
name: shop   # another

base: &base
  a: 1
  b: [x,
      y]
derived:
  <<: *base
  a: 2
"long text": >
  one
  two
when: 2026-11-20
list:
  -   p: 1
      q: 2
  - r
"""


def lines(value: Any) -> Any:
    """Return the line of every key and item."""
    if isinstance(value, Section):
        return {key: (value.lines[key], lines(item)) for key, item in value.items()}
    if isinstance(value, Items):
        return [(line, lines(item)) for item, line in zip(value, value.lines, strict=True)]
    return None


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_both_parsers_tell_the_same_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loader: Any
) -> None:
    """PyYAML has the fast one only where it was built with libyaml."""
    monkeypatch.setattr(yaml_files, "LOADER", loader)
    path = tmp_path / "a.yaml"
    path.write_text(TEXT, encoding="utf-8")
    problems = Problems()
    read = read_located(path, problems)
    assert len(problems) == 0
    assert read == yaml.safe_load(TEXT) | {"when": "2026-11-20"}
    assert lines(read) == {
        "name": (2, None),
        "base": (4, {"a": (5, None), "b": (6, [(6, None), (7, None)])}),
        "derived": (8, {"a": (10, None), "b": (6, [(6, None), (7, None)])}),
        "long text": (11, None),
        "when": (14, None),
        "list": (15, [(16, {"p": (16, None), "q": (17, None)}), (18, None)]),
    }
