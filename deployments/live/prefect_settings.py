"""Prefect's settings, looked up without Prefect, whose import takes longer than a whole plan.

The order is that of Prefect 3.8, `prefect/settings/sources.py`: environment, `.env`,
`prefect.toml`, `pyproject.toml`, active profile. See
https://docs.prefect.io/v3/concepts/settings-and-profiles
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from utilities.errors import SettingsInvalid

BUILT_IN_PROFILES: Mapping[str, Mapping[str, str]] = {
    "local": {"PREFECT_API_URL": "http://127.0.0.1:4200/api"}
}
"""Prefect's profiles as long as nobody has made one: `prefect/settings/profiles.toml`."""


@dataclass(frozen=True)
class PrefectSettings:
    """Where each setting is looked for; a later place only when the earlier ones say nothing.

    Attributes:
        root: folder of `.env`, `prefect.toml` and `pyproject.toml`.
        environ: environment variables.
    """

    root: Path
    environ: Mapping[str, str]

    def find(self, table: str, name: str) -> Any:
        """Return a setting as it was written; None when no place has it.

        Args:
            table: that it stands in in a TOML file.
            name: in that table; as a variable it is PREFECT_{table}_{name}.

        Raises:
            SettingsInvalid: a file is not TOML.
        """
        variable = f"PREFECT_{table}_{name}".upper()
        for variables in (self._environment, self._env_file):
            if (value := variables.get(variable)) is not None:
                return value
        for tables in self._files:
            if (value := tables.get(table, {}).get(name)) is not None:
                return value
        return self._profile.get(variable)

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        return {name.upper(): value for name, value in self.environ.items()}

    @cached_property
    def _env_file(self) -> Mapping[str, str | None]:
        path = self.root / ".env"
        if not path.is_file():
            return {}
        # Only where there is a file: the import takes 20 ms.
        from dotenv import dotenv_values

        return {name.upper(): value for name, value in dotenv_values(path).items()}

    @cached_property
    def _files(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        project = _read_toml(self.root / "pyproject.toml")
        return _read_toml(self.root / "prefect.toml"), project.get("tool", {}).get("prefect", {})

    @cached_property
    def _profile(self) -> Mapping[str, Any]:
        path = self._profiles_path
        if path is None:
            profiles: Mapping[str, Any] = BUILT_IN_PROFILES
            active = None
        else:
            content = _read_toml(path)
            profiles, active = content.get("profiles", {}), content.get("active")
        name = self.environ.get("PREFECT_PROFILE") or active
        settings: Mapping[str, Any] = profiles.get(name, {}) if name else {}
        return settings

    @cached_property
    def _profiles_path(self) -> Path | None:
        """The file of profiles, which may be missing; None when only the built-in ones exist."""
        told: list[str | None] = [
            self.environ.get("PREFECT_PROFILES_PATH"),
            self._env_file.get("PREFECT_PROFILES_PATH"),
            *(table.get("profiles_path") for table in self._files),
        ]
        if first := next(filter(None, told), None):
            return self.root / first
        if home := self.environ.get("PREFECT_HOME"):
            return self.root / home / "profiles.toml"
        path = Path.home() / ".prefect" / "profiles.toml"
        return path if path.exists() else None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(
            f"{path.name}: not TOML: {error}. Prefect's settings may stand in it: mend it."
        ) from None
