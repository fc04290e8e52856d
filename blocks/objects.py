"""An object at Prefect as it should be and as it is, and what a kind of objects can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Fields = Mapping[str, Any]
"""By name, JSON values in the words of Prefect's API; a `Hidden` is shown to nobody."""

CONFLICT = 409
PAGE = 200
"""The most that Prefect's server gives at once."""


class Hidden(str):
    """A secret: compared and sent, never printed."""

    def __repr__(self) -> str:
        return "(not shown)"


class Api(Protocol):
    """Prefect's API: `deployments.connection.connect` gives one."""

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """Send one request and return its answer's JSON; raises errors of `utilities.errors`."""


@dataclass(frozen=True)
class Wanted:
    """An object as it should be.

    Attributes:
        name: at Prefect; of a queue behind that of its pool.
        fields: those that are compared and put back; others are left to people.
    """

    name: str
    fields: Fields


@dataclass(frozen=True)
class Live:
    """An object as it is.

    Attributes:
        name: as in `Wanted`.
        id: what requests call it.
        fields: as in `Wanted`.
        owner: project/environment that it was made for; None when nobody's mark is on it.
    """

    name: str
    id: str
    fields: Fields
    owner: str | None


class Kind(Protocol):
    """All objects of one kind that an environment has."""

    @property
    def noun(self) -> str:
        """What a person calls one."""

    def wanted(self) -> Sequence[Wanted]:
        """Return those that are declared."""

    def live(self, api: Api) -> Sequence[Live]:
        """Return those that are declared or were made for this environment."""

    def refusal(self, live: Live, wanted: Wanted) -> str | None:
        """Say why a live object cannot become what is wanted; None when it can."""

    def create(self, api: Api, wanted: Wanted) -> None:
        """Make one that is not there."""

    def update(self, api: Api, live: Live, wanted: Wanted) -> None:
        """Make one what it should be, and put the environment's mark on it."""

    def delete(self, api: Api, live: Live) -> None:
        """Remove one; raises ChangeRefused when something still needs it."""


def pages(api: Api, path: str, wanted: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return all that a filter finds."""
    found: list[dict[str, Any]] = []
    while True:
        page = api.request("POST", path, {**(wanted or {}), "limit": PAGE, "offset": len(found)})
        found += page
        if len(page) < PAGE:
            return found
