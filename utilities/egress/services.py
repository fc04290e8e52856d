"""Services that answer with the address of who asks them."""

from urllib.parse import urlsplit

from utilities.errors import SettingsInvalid


def read_services(text: str) -> tuple[str, ...]:
    """Return the addresses of services that are separated by commas, each once.

    Raises:
        SettingsInvalid: there are none, or one is no web address.
    """
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not found:
        raise SettingsInvalid("EGRESS_SERVICES: no address is in it. Name at least one service.")
    for place, service in enumerate(found, start=1):
        _require_address(place, service)
    return found


def service_name(service: str) -> str:
    """Return what messages call a service: its host, and its path where that tells something.

    A query may hold a key.
    """
    parts = urlsplit(service)
    return f"{parts.netloc}{parts.path.rstrip('/')}"


def _require_address(place: int, service: str) -> None:
    """Raise unless it can be asked; the message does not repeat what may hold a password."""
    expected = "expected http:// or https://, a host, and neither a user nor a password"
    try:
        parts = urlsplit(service)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_usable = is_usable and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        is_usable = False
    if not is_usable or any(character.isspace() for character in service):
        raise SettingsInvalid(f"EGRESS_SERVICES: number {place} cannot be asked; {expected}.")
