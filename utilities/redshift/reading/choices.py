"""Refuse a misspelt choice instead of guessing."""

from typing import Any, get_args

from utilities.errors import ParameterInvalid


def require_choice(what: str, name: str, given: str, choices: Any) -> None:
    """Raise ParameterInvalid unless a value is one of a Literal's."""
    if given not in get_args(choices):
        expected = ", ".join(get_args(choices))
        raise ParameterInvalid(
            f"{what}: {name}={given!r} is no choice. Expected one of {expected}."
        )
