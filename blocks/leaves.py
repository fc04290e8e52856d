"""Nested values as one value for each leaf, named by its path, and what differs between two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = None


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        field: its path, such as base_job_template.variables.properties.cpu.default.
        live, wanted: None where there is none.
    """

    field: str
    live: Any
    wanted: Any


def find_changes(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what has to change for a live object to have the wanted fields."""
    return tuple(
        change
        for name, value in wanted.items()
        for change in _differences(name, live.get(name), value)
    )


def _differences(path: str, live: Any, wanted: Any) -> Iterator[Change]:
    if isinstance(live, Mapping) and isinstance(wanted, Mapping):
        for key in dict.fromkeys((*wanted, *live)):
            yield from _differences(f"{path}.{key}", live.get(key), wanted.get(key))
    elif _are_records(live) and _are_records(wanted) and len(live) == len(wanted):
        for number, (one, other) in enumerate(zip(live, wanted, strict=True)):
            yield from _differences(f"{path}.{number}", one, other)
    elif not _is_same(live, wanted):
        yield Change(path, live, wanted)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _is_same(one: Any, other: Any) -> bool:
    """Compare two JSON values: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
