"""What a client may ask of an export of changed entities, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

from infrastructure.local.everyaction.clock import DAY_MS, iso, milliseconds_of
from infrastructure.local.everyaction.exchange import Refusal, invalid, is_one_of, list_of
from infrastructure.local.everyaction.fields import CONTACTS, RESOURCES, Field
from infrastructure.local.everyaction.service import Service

OLDEST_DAYS = 90
SMALLEST_KB, LARGEST_KB, DEFAULT_KB = 1_000, 100_000, 40_000
CONTACT_MODES = (1, 2, 3)


@dataclass(frozen=True)
class ExportRequest:
    """A request as it was accepted; times in milliseconds."""

    resource: str
    start_ms: int
    end_ms: int
    fields: tuple[str, ...]
    custom_field_ids: tuple[int, ...]
    ids: tuple[int, ...]
    file_kb: int
    include_inactive: bool
    contact_mode: int

    def echo(self) -> dict[str, Any]:
        """As the API tells it back: what is missing here was not accepted."""
        return {
            "dateChangedFrom": iso(self.start_ms),
            "dateChangedTo": iso(self.end_ms),
            "resourceType": self.resource,
            "requestedFields": list(self.fields),
            "requestedCustomFieldIds": list(self.custom_field_ids),
            "requestedIds": list(self.ids),
            "fileSizeKbLimit": self.file_kb,
            "includeInactive": self.include_inactive,
            "contactMode": self.contact_mode,
            "excludeChangesFromSelf": False,
        }


def accept(service: Service, content: dict[str, Any]) -> ExportRequest:
    """Check a request and leave out what cannot be given.

    Raises:
        Refusal: an unknown type, a window that is none, lies too far back or ahead, ...
    """
    resource: Any = content.get("resourceType")
    if not is_one_of(resource, RESOURCES):
        raise invalid(f"'{resource}' is not a valid resourceType", "resourceType")
    start_ms, end_ms = _window(service, content)
    names = {field.name for field in RESOURCES[resource]}
    custom = {f.custom_field_id for f in custom_fields(service)} if resource == CONTACTS else set()
    return ExportRequest(
        resource,
        start_ms,
        end_ms,
        tuple(n for n in list_of(content, "requestedFields") if is_one_of(n, names)),
        tuple(n for n in list_of(content, "requestedCustomFieldIds") if is_one_of(n, custom)),
        tuple(n for n in list_of(content, "requestedIds") if type(n) is int and abs(n) < 2**63),
        _number(content, "fileSizeKbLimit", DEFAULT_KB, range(SMALLEST_KB, LARGEST_KB + 1)),
        bool(content.get("includeInactive")),
        _number(content, "contactMode", 3, CONTACT_MODES),
    )


def columns(service: Service, request: ExportRequest) -> tuple[Field, ...]:
    """Return the columns of the files: core fields, then what else was accepted."""
    custom = [f for f in custom_fields(service) if f.custom_field_id in request.custom_field_ids]
    known = RESOURCES[request.resource]
    return (*(f for f in known if f.is_core or f.name in request.fields), *custom)


def custom_fields(service: Service) -> tuple[Field, ...]:
    """Return the custom fields of contacts, the oldest first."""
    rows = service.store.database.execute("SELECT name, type, id FROM custom_fields ORDER BY id")
    return tuple(Field(name, kind, False, number) for name, kind, number in rows)


def _window(service: Service, content: dict[str, Any]) -> tuple[int, int]:
    start_ms = _time(content, "dateChangedFrom")
    if start_ms is None:
        raise invalid("dateChangedFrom is required", "dateChangedFrom")
    now = service.clock.now()
    if start_ms < now - OLDEST_DAYS * DAY_MS:
        raise invalid(
            f"dateChangedFrom must be within the last {OLDEST_DAYS} days", "dateChangedFrom"
        )
    end_ms = _time(content, "dateChangedTo")
    if end_ms is None:
        end_ms = service.clock.cut()
    elif end_ms > now:
        raise invalid("dateChangedTo must not be in the future", "dateChangedTo")
    if start_ms > end_ms:
        raise invalid("dateChangedFrom must not be after dateChangedTo", "dateChangedFrom")
    return start_ms, end_ms


def _time(content: dict[str, Any], name: str) -> int | None:
    text = content.get(name)
    if text is None:
        return None
    try:
        return milliseconds_of(str(text))
    except (ValueError, OverflowError):
        raise invalid(f"'{text}' is not a valid date and time", name) from None


def _number(content: dict[str, Any], name: str, default: int, allowed: Any) -> int:
    found = content.get(name)
    if found is None:
        return default
    if type(found) is not int or found not in allowed:
        raise Refusal(400, "INVALID_PARAMETER", f"'{found}' is not a valid {name}", name)
    return found
