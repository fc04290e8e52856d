"""Say early, and in plain words, when a key does not fit."""

from typing import TYPE_CHECKING, Any

from utilities.errors import SettingsInvalid
from utilities.everyaction.calls import call
from utilities.settings import Settings

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN

VOTERS = "MyVoters"
_FLAGS = {"hasMyVoters": "MyVoters", "hasMyCampaign": "EveryAction"}
"""Fields of a key's profile, and the VAN_DB that each stands for.

https://docs.ngpvan.com/reference/apikeyprofiles
"""


def check_access(van: "VAN", settings: Settings) -> None:
    """Return when the key works and has the database that the settings name.

    A key with the wrong mode is not refused: it shows another database, which is nearly empty.

    Raises:
        AccessDenied: the key was refused.
        SettingsInvalid: the key works, but not for VAN_DB.
        ApiUnavailable: the API did not answer.
    """
    profile = _profile(call(van, "GET", "apiKeyProfiles"))
    wanted = "hasMyVoters" if settings.van_db == VOTERS else "hasMyCampaign"
    if profile.get(wanted) is not False:
        return
    database = settings.van_db
    others = [name for flag, name in _FLAGS.items() if profile.get(flag)]
    advice = f" Set VAN_DB to {others[0]}." if others else " Ask for a key that has one."
    raise SettingsInvalid(
        f"EveryAction at {settings.van_api_url} authenticated the key, but it has no {database} "
        f"database (VAN_DB={database}); it belongs to {_owner(profile)}.{advice}"
    )


def _profile(answer: Any) -> dict[str, Any]:
    items = answer.get("items") if isinstance(answer, dict) else None
    return items[0] if items and isinstance(items[0], dict) else {}


def _owner(profile: dict[str, Any]) -> str:
    names = [str(profile[name]) for name in ("databaseName", "committeeName") if profile.get(name)]
    return ", ".join(names) or "another one"
