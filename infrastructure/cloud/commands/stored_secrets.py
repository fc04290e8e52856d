"""`python -m infrastructure secrets list | set | remove`."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from deployments.declaration.platforms import Platform, read_platform
from deployments.output import print_json, print_table, print_text
from infrastructure.cloud.aws import Aws
from infrastructure.cloud.choosing import require_consent
from infrastructure.cloud.parameter_store import (
    Secret,
    delete_secret,
    read_secrets,
    require_declared,
    write_secret,
)
from infrastructure.cloud.stacks import region_of
from utilities.errors import ParameterInvalid

MISSING = 2
Unwanted = Annotated[str, Parameter(show=False)]
COLUMNS = ("Secret", "State", "Set (UTC)", "By", "Version")


def list_secrets(*, environment: str, json: bool = False) -> int:
    """Show which secrets are set, when and by whom, and which are missing; never their values.

    Ends with status 2 when one that is declared is missing.

    Args:
        environment: of environments.yaml.
        json: print for machines.
    """
    platform, aws = _open(environment)
    found = read_secrets(aws, platform)
    missing = [each.name for each in found if each.version == 0]
    if json:
        print_json([_content(each) for each in found])
    else:
        print_table(COLUMNS, map(_row, found))
        for name in missing:
            print_text(
                f"Missing: python -m infrastructure secrets set {name} --environment {environment}"
            )
    return MISSING if missing else 0


def set_secret(name: str, /, *refused: Unwanted, environment: str, **options: Unwanted) -> None:
    """Set a secret: asks for the value without showing it, or reads it from standard input.

    A value is never an argument: arguments stay in the history of the shell, and others on the
    machine see them. Runs that start later get it.

    Args:
        name: as environments.yaml declares it.
        refused: nothing more; said in a way that does not repeat it.
        environment: of environments.yaml.
        options: none; a value could be among them.
    """
    if refused or options:
        raise ParameterInvalid(
            f"{name}: a value is never an argument, because the shell keeps it in its history. "
            "Nothing was changed. Run it without, and type the value when asked; if what was given "
            "is the real one, have a new one made."
        )
    platform, aws = _open(environment)
    require_declared(platform, name)
    version = write_secret(aws, platform, name, _value(name))
    print_text(f"{name} is set in {environment}: version {version}, encrypted.")


def remove_secret(name: str, /, *, environment: str, yes: bool = False) -> None:
    """Remove a secret from an environment.

    Args:
        name: of the secret.
        environment: of environments.yaml.
        yes: do not ask.
    """
    platform, aws = _open(environment)
    require_consent(f"Remove {name} from {environment}? Runs that need it fail then.", is_given=yes)
    delete_secret(aws, platform, name)
    print_text(f"{name} is removed from {environment}.")


def _open(environment: str) -> tuple[Platform, Aws]:
    platform = read_platform(Path.cwd(), environment)
    return platform, Aws(region_of(platform))


def _value(name: str) -> str:
    if sys.stdin.isatty():
        return getpass(f"Value of {name} (not shown): ")
    try:
        value = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise ParameterInvalid(
            f"{name}: what came from standard input is no text in UTF-8. Nothing was changed."
        ) from None
    stripped = value.removesuffix("\n").removesuffix("\r")
    if stripped != value:
        print_text("The line break at the end was left out.")
    return stripped


def _row(secret: Secret) -> tuple[str, ...]:
    state = "set" if secret.version else "missing"
    if not secret.is_declared:
        state = "not declared"
    if not secret.is_encrypted:
        state += ", NOT ENCRYPTED: set it again"
    at = secret.at.strftime("%Y-%m-%d %H:%M") if secret.at else "–"
    return secret.name, state, at, secret.by or "–", str(secret.version or "–")


def _content(secret: Secret) -> dict[str, Any]:
    return {
        "name": secret.name,
        "declared": secret.is_declared,
        "set": secret.version > 0,
        "version": secret.version,
        "at": secret.at.isoformat() if secret.at else None,
        "by": secret.by,
        "encrypted": secret.is_encrypted,
    }
