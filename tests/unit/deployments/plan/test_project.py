"""The name of the project, read before the rest of the file."""

from pathlib import Path

import pytest

from deployments.plan.project import find_project


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: shop\nname: other\n", "shop"),
        ("# A comment.\ndeployments:\n  - name: orders\npull: [{name: x}]\nname: 'shop'\n", "shop"),
        ("name: shop\nbroken: [\n", "shop"),
        ("deployments:\n  - name: orders\n", None),
        ("name: [shop]\n", None),
        ("broken: [\nname: shop\n", None),
        ("- name: shop\n", None),
        ("", None),
        ("label: name\nname: shop\n", "shop"),
    ],
)
def test_name_is_found(tmp_path: Path, text: str, expected: str | None) -> None:
    """It is the value of the key on the outermost level, wherever it stands."""
    (tmp_path / "prefect.yaml").write_text(text)
    assert find_project(tmp_path) == expected


def test_there_is_no_file(tmp_path: Path) -> None:
    """Whoever reads the file whole tells that."""
    assert find_project(tmp_path) is None
