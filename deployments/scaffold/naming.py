"""Which names a flow can have.

A flow's name is that of its module, its function, its test, two tables and, with hyphens, its
deployment; so it has to be right in all of these places.
"""

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Mapping
from itertools import chain, count

from utilities.errors import ParameterInvalid

LONGEST = 40
"""Characters: what is written around the name then still fits a line of 100."""

VAGUE = frozenset({"utils", "helpers", "common", "misc"})

IN_TEMPLATES = frozenset({"flow", "run", "check_table", "execute_sql_file", "date", "flows"})
"""What the written modules import: a function of that name would hide it."""


def flow_name(wanted: str, taken: Mapping[str, str]) -> str:
    """Return a name as a flow spells it: `Volunteer shifts` becomes `volunteer_shifts`.

    Args:
        wanted: words, kebab-case, snake_case or CamelCase.
        taken: what already has which name, as a sentence's end: "a flow in flows/x.py".

    Raises:
        ParameterInvalid: no flow can have it; the message suggests one that it can have.
    """
    name = _snake_case(wanted)
    if (reason := _refusal(name, taken)) is None:
        return name
    raise ParameterInvalid(
        f"{wanted!r} cannot be the name of a flow: {reason}. "
        f"Expected a name of your own such as {_similar(name, taken)!r}. Nothing was written."
    )


def _snake_case(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return "_".join(re.findall(r"[a-z0-9]+", words.lower()))


def _refusal(name: str, taken: Mapping[str, str]) -> str | None:
    """Return why a name is refused, as a sentence's end; None when it is not."""
    if not name:
        return "it has no letter from a to z"
    if name[0].isdigit():
        return "a module's name cannot begin with a digit"
    if len(name) > LONGEST:
        return f"it has {len(name)} characters, and {LONGEST} are allowed"
    if keyword.iskeyword(name):
        return f"{name!r} is a word of Python's own"
    if name in sys.stdlib_module_names:
        return f"Python has a module {name!r}"
    if hasattr(builtins, name):
        return f"Python has a function {name!r}"
    if name in IN_TEMPLATES:
        return f"flows import something called {name!r}"
    if name in VAGUE:
        return f"{name!r} does not say what it does"
    if name in taken:
        return f"there is {taken[name]}"
    return None


def _similar(name: str, taken: Mapping[str, str]) -> str:
    """Return a name that is not refused and reminds of this one."""
    words = name.split("_") if name else ["daily", "counts"]
    digits = [word for word in words if word[0].isdigit()]
    words = [word for word in words if not word[0].isdigit()] or ["counts"]
    whole = "_".join([*words, *digits])[: LONGEST - len("_summary")].rstrip("_")
    numbered = (f"{whole}_{number}" for number in count(2))
    candidates = chain([whole, f"{whole}_summary"], numbered)
    return next(each for each in candidates if _refusal(each, taken) is None)
