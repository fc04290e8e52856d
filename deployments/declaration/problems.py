"""All that is wrong with the two files, collected, so that one look mends everything."""

from collections.abc import Iterable
from typing import Any, Self

from utilities.errors import DeclarationInvalid

SHOWN_CHARACTERS = 60
SHOWN_NAMES = 12


class Where:
    """A place in one of the files: its line, and the keys that lead to it."""

    __slots__ = ("file", "line", "parent", "label")

    def __init__(self, file: str, line: int, parent: Self | None = None, label: str = "") -> None:
        self.file = file
        self.line = line
        self.parent = parent
        self.label = label

    def child(self, label: str, line: int) -> "Where":
        """Return the place of a key in it, or of an item (`[3]`)."""
        return Where(self.file, line, self, label)

    def __str__(self) -> str:
        if self.parent is None:
            return self.label
        before = str(self.parent)
        joint = "" if not before or self.label.startswith("[") else "."
        return f"{before}{joint}{self.label}"


class Problems:
    """What was found so far."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, where: Where, text: str) -> None:
        """Remember what is wrong at a place; the same thing twice counts once."""
        place = str(where)
        self._found[where.file, where.line, f"{place}: {text}" if place else text] = None

    def refuse(self) -> None:
        """Raise DeclarationInvalid with all problems by file and line, when there are any."""
        if not self._found:
            return
        lines = [f"{file}:{line}: {text}" for file, line, text in sorted(self._found)]
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        raise DeclarationInvalid("\n".join([f"{count}; nothing was contacted or changed.", *lines]))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return what is spelled most nearly so, in whatever case; None when nothing is."""
    import difflib  # only needed when something is wrong

    folded = {name.casefold().replace("-", "_"): name for name in known}
    close = difflib.get_close_matches(word.casefold().replace("-", "_"), folded, n=1)
    return folded[close[0]] if close else None


def suggestion(word: str, known: Iterable[str], called: str = "Known here") -> str:
    """Return ` Did you mean "x"?`, or what is known when nothing is spelled nearly so."""
    names = list(known)
    if (near := nearest(word, names)) is not None:
        return f' Did you mean "{near}"?'
    if not names:
        return f" {called}: none."
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f" {called}: {', '.join(names[:SHOWN_NAMES])}{more}."


def shown(value: Any) -> str:
    """Return a value with its kind, as a message names it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and type(value) is not str:
        return f"the time {value}"
    if isinstance(value, str):
        cut = value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "..."
        return f'the text "{cut}"'
    return str(value)
