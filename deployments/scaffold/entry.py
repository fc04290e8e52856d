"""Add a deployment to the text of prefect.yaml, and leave every other byte as it is.

YAML libraries write a file anew and lose comments or layout; so only the place is looked up with
one, and the lines go in as text.
"""

from collections import Counter
from textwrap import indent
from typing import Any

import yaml

from utilities.errors import DeclarationInvalid

KEY = "deployments"
DEFAULT_POOL = "ecs"
INDENTATION = "  "


def usual_pool(text: str) -> str:
    """Return the work pool that most deployments of the file name."""
    entries = (_load(text) or {}).get(KEY) or []
    pools = Counter(entry["work_pool"]["name"] for entry in entries if entry.get("work_pool"))
    return str(pools.most_common(1)[0][0]) if pools else DEFAULT_POOL


def add_entry(text: str, entry: str) -> str:
    """Return the file with one more deployment, after those that are there.

    Args:
        text: of prefect.yaml.
        entry: the deployment as a list of one, not indented, with a line end.

    Raises:
        DeclarationInvalid: the list is written in a way that cannot be added to.
    """
    added = _insert(text, entry)
    expected = dict(_load(text) or {})
    expected[KEY] = [*(expected.get(KEY) or []), *_load(entry)]
    try:
        is_whole = _load(added) == expected
    except yaml.YAMLError:
        is_whole = False
    if not is_whole:
        raise DeclarationInvalid(
            f"prefect.yaml: {KEY}: the list is written in a way that cannot be added to; expected "
            "one deployment below the other, each beginning with '- name:'. Nothing was written. "
            f"Add it by hand:\n{entry}"
        )
    return added


def _insert(text: str, entry: str) -> str:
    """Put the entry where it belongs, in the file's own indentation and line ends."""
    found = _find(text)
    if found is None:
        place, added = len(text), f"\n{KEY}:\n{indent(entry, INDENTATION)}"
    elif _is_empty(found):
        start = found.start_mark.index
        text = text[:start].rstrip(" ") + text[found.end_mark.index :]
        place, added = _line_end(text, start - 1), indent(entry, INDENTATION)
    else:
        margin = found.start_mark.column
        last_line_end = _line_end(text, _end(found) - 1)
        place = _with_comments(text, last_line_end, margin)
        added = _space(text, found.value) + indent(entry, " " * margin)
    if place and not text[:place].endswith("\n"):
        added = "\n" + added
    if "\r\n" in text:
        added = added.replace("\n", "\r\n")
    return text[:place] + added + text[place:]


def _space(text: str, entries: list[yaml.Node]) -> str:
    """Return what stands between two deployments: an empty line or nothing."""
    if len(entries) < 2:
        return "\n"
    between = text[_end(entries[-2]) : entries[-1].start_mark.index]
    return "\n" if any(not line.strip() for line in between.splitlines()[1:-1]) else ""


def _find(text: str) -> yaml.Node | None:
    """Return the value of the key."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == KEY), None)


def _is_empty(node: yaml.Node) -> bool:
    return not node.value or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"))


def _end(node: yaml.Node) -> int:
    """Return where the text of a node ends: a block's own mark lies after comments and blanks."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _line_end(text: str, place: int) -> int:
    """Return where the line after this one begins."""
    found = text.find("\n", max(place, 0))
    return len(text) if found < 0 else found + 1


def _with_comments(text: str, place: int, margin: int) -> int:
    """Pass over comments that are indented into the last deployment: they belong to it."""
    while (line := text[place : _line_end(text, place)]).strip().startswith("#"):
        if len(line) - len(line.lstrip()) <= margin:
            break
        place += len(line)
    return place


def _load(text: str) -> Any:
    return yaml.safe_load(text)
