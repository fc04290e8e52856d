"""One request to the API, and what is answered: what every endpoint takes and gives."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infrastructure.local.everyaction.service import Service

MY_CAMPAIGN = 1
"""The database mode of EveryAction, My Campaign and My Members; 0 is My Voters."""


class Refusal(Exception):
    """The API refuses a request.

    Attributes:
        status: of the answer.
        errors: as the API lists them: code, text, properties, ...
        headers: of the answer, beside the usual ones.
    """

    def __init__(self, status: int, code: str, text: str, *properties: str, **headers: str) -> None:
        super().__init__(text)
        self.status = status
        self.errors = [_error(code, text, list(properties))]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def answer(self) -> "Answer":
        """What the client gets."""
        return Answer(self.status, {"errors": self.errors}, self.headers)


@dataclass(frozen=True)
class Answer:
    """Status and JSON content of an answer; no content: an empty body."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One authenticated request.

    Attributes:
        service: what the server knows.
        mode: database mode that the client chose.
        base: address of the API as the client spells it, ending in `/v4`.
        path: below `base`, such as `/people/1/codes`.
        query: its parameters, each once.
        body: the bytes that came.
        values: what the path's variables stand for.
    """

    service: "Service"
    mode: int
    base: str
    path: str
    query: dict[str, str]
    body: bytes
    values: dict[str, str] = field(default_factory=dict)

    @property
    def is_my_campaign(self) -> bool:
        """Whether the client sees the database that has people in it."""
        return self.mode == MY_CAMPAIGN

    def content(self) -> dict[str, Any]:
        """Return the JSON object that was sent.

        Raises:
            Refusal: it is no JSON object.
        """
        try:
            found = json.loads(self.body or b"null")
            # Half of a surrogate pair is valid JSON, and no text that could be kept.
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refusal(400, "INVALID_JSON", "The request's body is not valid JSON") from None
        if not isinstance(found, dict):
            raise Refusal(400, "INVALID_BODY", "The request's body has to be a JSON object")
        return found

    def number(self, name: str) -> int:
        """Return a variable of the path that has to be a number.

        Raises:
            Refusal: it is none, so that no such thing exists.
        """
        value = self.values[name]
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise not_found()
        return int(value)


def not_found() -> Refusal:
    """Return what is answered where nothing is."""
    return Refusal(404, "NOT_FOUND", "The specified resource was not found")


def invalid(text: str, *properties: str) -> Refusal:
    """Return what is answered to a parameter that cannot be used."""
    return Refusal(400, "INVALID_PARAMETER", text, *properties)


def list_of(content: dict[str, Any], name: str) -> list[Any]:
    """Return a list that was sent, empty when it was not.

    Raises:
        Refusal: it is something else.
    """
    found = content.get(name)
    if found is not None and not isinstance(found, list):
        raise invalid(f"{name} has to be a list", name)
    return found or []


def object_of(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object that was sent, empty when it was not.

    Raises:
        Refusal: it is something else.
    """
    found = content.get(name)
    if found is not None and not isinstance(found, dict):
        raise invalid(f"{name} has to be an object", name)
    return found or {}


def is_one_of(value: Any, known: Collection[Any]) -> bool:
    """Whether a value that was sent is a number or text that is known."""
    return type(value) in (int, str) and value in known


def _error(code: str, text: str, properties: list[str]) -> dict[str, Any]:
    # https://docs.everyaction.com/reference/errors names these six.
    return {
        "code": code,
        "text": text,
        "properties": properties or None,
        "referenceCode": None,
        "hint": None,
        "resourceUrl": None,
    }
