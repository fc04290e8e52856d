"""Lists come in pages: `{items, nextPageLink, count}`, by `$top` and `$skip`.

Source: https://docs.everyaction.com/reference/pagination. Whether a larger `$top` than the most is
refused or cut is not documented for all lists; here it is cut, but for those that refuse it.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from infrastructure.local.everyaction.exchange import Answer, Call, invalid

DEFAULT_TOP = 50
MOST = 200
MOST_OF_LARGE_ITEMS = 50
"""Of events and notes, more than this are refused; elsewhere a page just has no more than MOST."""


def page(
    call: Call,
    items: Sequence[Any],
    *,
    strictly_at_most: int | None = None,
    in_every_mode: bool = False,
) -> Answer:
    """Answer one page of a list.

    Args:
        call: its query says which.
        items: the whole list, of the database that has people in it.
        in_every_mode: whether the other database has the same; it has nothing otherwise.
        strictly_at_most: larger pages are refused.

    Raises:
        Refusal: `$top` or `$skip` cannot be used.
    """
    if not (call.is_my_campaign or in_every_mode):
        items = []
    top, skip = _number(call, "$top", DEFAULT_TOP), _number(call, "$skip", 0)
    if strictly_at_most is not None and top > strictly_at_most:
        raise invalid(f"$top must not be greater than {strictly_at_most}", "$top")
    if not top:
        raise invalid("$top must be at least 1", "$top")
    top = min(top, MOST)
    following = None
    if skip + top < len(items):
        query = {**call.query, "$top": str(top), "$skip": str(skip + top)}
        following = f"{call.base}{call.path}?{urlencode(query, safe='$')}"
    shown = list(items[skip : skip + top])
    return Answer(200, {"items": shown, "nextPageLink": following, "count": len(items)})


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise invalid(f"{name} has to be a number of zero or more", name)
    return int(text)
