"""Whatever stands in the files, it is read or explained; nothing else happens."""

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.deployments.declaration.made_files import deployments, read
from tests.unit.deployments.declaration.test_layers import LAPTOP, LAYERED, WHOLE
from utilities.errors import DeclarationInvalid

ENVIRONMENTS = LAYERED + LAPTOP.partition("environments:\n")[2]
FILES: dict[str, Any] = {
    "prefect.yaml": yaml.safe_load(deployments(WHOLE, WHOLE.replace("orders", "anything"))),
    "environments.yaml": yaml.safe_load(ENVIRONMENTS),
}
JUNK = st.sampled_from(
    [None, True, 0, -1, 2.5, "", "orders", "ecs", "{{ x }}", "2026-01-01", [], {}, [None], [[]]]
    + [{"name": None}, {"a": {"b": []}}, [{"slug": "a"}], [{"name": "x"}], {"ecs": {}}]
)
Way = list[Any]


def places(value: Any, path: Way) -> list[Way]:
    """Return the ways to every value below a value."""
    found: list[Way] = [path]
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(item, [*path, key])
    return found


PLACES = [way for file in FILES for way in places(FILES[file], [file])]


def test_what_is_changed_was_right(tmp_path: Path) -> None:
    """Else the next test would prove nothing."""
    prefect, environments = (yaml.safe_dump(FILES[name], sort_keys=False) for name in FILES)
    assert set(read(tmp_path, prefect, environments).environments) == {"production", "local"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_any_value_anywhere_is_read_or_explained(changes: list[tuple[Way, Any]]) -> None:
    """Each line of the message begins with a file and a line that it has."""
    files = deepcopy(FILES)
    for way, junk in changes:
        _put(files, way, junk)
    texts = {name: yaml.safe_dump(value, sort_keys=False) for name, value in files.items()}
    with TemporaryDirectory() as folder:
        try:
            read(Path(folder), texts["prefect.yaml"], texts["environments.yaml"])
        except DeclarationInvalid as error:
            for line in str(error).splitlines()[1:]:
                file, number, _ = line.split(":", 2)
                assert 1 <= int(number) <= max(1, len(texts[file].splitlines()))


def _put(files: Any, way: Way, junk: Any) -> None:
    """Replace the value at a place, if an earlier change has left it there."""
    *before, last = way
    for key in before:
        if not isinstance(files, (dict, list)):
            return
        try:
            files = files[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(files, dict) or (isinstance(files, list) and last in range(len(files))):
        files[last] = junk
