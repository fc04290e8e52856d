"""What blocks takes from the stacks is what the templates give."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from blocks.ecs.ground import ground_of
from blocks.kinds.documents import Documents
from blocks.scope import Scope
from tests.unit.blocks.made_scope import made_scope

REPOSITORY = Path(__file__).parents[3]


class Reader(yaml.SafeLoader):
    """Reads templates; what CloudFormation's tags stand for is of no matter here."""


def _ignore(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> None:
    return None


Reader.add_multi_constructor("!", _ignore)


class Asked(dict[str, str]):
    """Outputs that remember what was asked for."""

    def __init__(self, outputs: dict[str, str]) -> None:
        super().__init__(outputs)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    """The outputs of all templates."""
    found: dict[str, Any] = {}
    for file in sorted((REPOSITORY / "infrastructure").glob("*.yaml")):
        found.update(yaml.load(file.read_text(), Reader)["Outputs"])
    return found


def test_every_output_that_is_used_is_given(given: dict[str, Any]) -> None:
    """A renamed output is found here, not by the first apply."""
    scope = made_scope()
    asked = Asked(dict(scope.outputs))
    whole = Scope(scope.platform, asked, 2.0, None, ())
    ground_of(whole, "ecs")
    Documents(whole).wanted()
    assert len(asked.names) > 8
    assert asked.names <= set(given)
