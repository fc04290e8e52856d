"""What an answer of Prefect's API means."""

import json
from typing import Any

import httpx

from deployments.live.address import Address
from utilities.errors import AccessDenied, FlowError, PrefectRefused, SettingsInvalid

LONGEST_DETAIL = 600
"""Characters of the server's own words that a message repeats."""


def read_answer(answer: httpx.Response, request: str, address: Address) -> Any:
    """Return an answer's JSON; None when it is empty.

    Args:
        answer: of the server.
        request: that it belongs to, for a person.
        address: that it came from.

    Raises:
        AccessDenied, PrefectRefused: it is a refusal: see `refusal`.
        SettingsInvalid: it did not come from Prefect's API.
    """
    if not answer.is_success:
        raise refusal(answer, request, address)
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        raise _not_prefect(address, "a page that is not JSON") from None


def refusal(answer: httpx.Response, request: str, address: Address) -> FlowError:
    """Return the error that a refusal amounts to, with the server's own reason, shortened."""
    status = answer.status_code
    if answer.is_redirect or _is_unknown_path(answer):
        return _not_prefect(address, f"the answer {status} to {request}")
    reason = _without_secrets(_reason(answer), address)
    if status in (401, 403):
        return AccessDenied(
            f"Prefect at {address.url}: access was denied ({status}{reason}) to {request}. Set "
            "PREFECT_API_KEY (Prefect Cloud) or PREFECT_API_AUTH_STRING (a server of your own) to "
            "a credential that may do this."
        )
    return PrefectRefused(f"Prefect refused {request} ({status}{reason}).", status=status)


def _is_unknown_path(answer: httpx.Response) -> bool:
    """Whether there is nothing to look through, which every Prefect has."""
    return answer.status_code in (404, 405) and answer.request.url.path.endswith("/filter")


def _reason(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except ValueError:
        return ""
    if not isinstance(content, dict):
        return ""
    detail = content.get("detail") or content.get("exception_detail")
    text = (_sentence(detail) or str(content.get("exception_message") or "")).rstrip(".")
    if len(text) > LONGEST_DETAIL:
        text = text[: LONGEST_DETAIL - 4] + " ..."
    return f": {text}" if text else ""


def _sentence(detail: Any) -> str:
    """Say what a list of invalid fields says; the values themselves are left out."""
    if isinstance(detail, list):
        return "; ".join(map(_sentence, detail))
    if isinstance(detail, dict) and "msg" in detail:
        place = ".".join(str(part) for part in detail.get("loc", ())[1:])
        return f"{place}: {detail['msg']}" if place else str(detail["msg"])
    if isinstance(detail, dict):
        return json.dumps(detail)
    return str(detail or "")


def _without_secrets(text: str, address: Address) -> str:
    for secret in (address.key, address.auth_string):
        if secret:
            text = text.replace(secret, "***")
    return text


def _not_prefect(address: Address, found: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"Prefect at {address.url}: {found} came back, expected Prefect's API. Its address ends in "
        "/api on a server of your own, and in /accounts/.../workspaces/... on Prefect Cloud: mend "
        "PREFECT_API_URL."
    )
