"""Values of a file that know in which lines they stand; else plain mappings, lists and texts."""

from typing import Any

from deployments.declaration.problems import Where


class Moment(str):
    """A date or a time that stands in a file without quotes, as Prefect writes it into JSON."""


class Section(dict[str, Any]):
    """A mapping of a file.

    Attributes:
        line: of its first key.
        lines: of each key.
    """

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        """Set a key with its line."""
        self[key] = value
        self.lines[key] = line


class Items(list[Any]):
    """A list of a file.

    Attributes:
        line: of its first item.
        lines: of each item.
    """

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def put(self, value: Any, line: int) -> None:
        """Append an item with its line."""
        self.append(value)
        self.lines.append(line)


def place_of(where: Where, section: Section, *keys: str) -> Where:
    """Return the place of a key, or of a key below it; of the last one that is there."""
    place = where
    for key in keys:
        if key not in section:
            break
        place = place.child(key, section.lines[key])
        section = section[key]
    return place


def item_label(item: Any, number: int) -> str:
    """Return what messages call an item of a list: its name or slug, or its number."""
    if isinstance(item, Section):
        for key in ("name", "slug"):
            if isinstance(name := item.get(key), str) and name:
                return name
    return f"[{number}]"


def plain(value: Any) -> Any:
    """Return a value as JSON has it, without its lines."""
    if isinstance(value, Section):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Items):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Moment) else value
