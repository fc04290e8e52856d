"""Read what the API answers when it does not do what it was asked."""

from typing import Any

import requests

LONGEST_REASON = 500
"""Characters of an answer that is shown; a proxy's page is longer and says no more."""


def reasons_of(response: requests.Response) -> tuple[tuple[str, str], ...]:
    """Return the (code, text) pairs of the API's error format; the bare text of another answer.

    The format: https://docs.everyaction.com/reference/errors
    """
    found = parsed(response)
    errors = found.get("errors") if isinstance(found, dict) else None
    if isinstance(errors, list) and errors:
        return tuple(_reason(error) for error in errors)
    text = " ".join(response.text.split())[:LONGEST_REASON]
    return (("", text or response.reason or "no reason given"),)


def parsed(response: requests.Response) -> Any:
    """Return the JSON of an answer; None when there is none."""
    try:
        return response.json()
    except requests.JSONDecodeError:
        return None


def is_readable(response: requests.Response) -> bool:
    """Say whether an answer is empty or JSON, as all of the API's are."""
    return not response.content or parsed(response) is not None or response.content == b"null"


def _reason(error: Any) -> tuple[str, str]:
    if not isinstance(error, dict):
        return "", str(error)
    fields = error.get("properties")
    text = str(error.get("text") or "no reason given")
    about = f"{', '.join(map(str, fields))}: " if isinstance(fields, list) and fields else ""
    hint = f" ({error['hint']})" if error.get("hint") else ""
    return str(error.get("code") or ""), f"{about}{text}{hint}"
