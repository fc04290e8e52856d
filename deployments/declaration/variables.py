"""Environment variables of runs: what they may be called."""

import re
from dataclasses import dataclass
from typing import Any

from deployments.declaration.kinds import INVALID, Kind, Text
from deployments.declaration.problems import Problems, Where
from deployments.declaration.shapes import MapOf

LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CREDENTIAL = re.compile(
    r"PASSWORD|PASSWD|APIKEY|SECRET(?!S)|(^|_)TOKEN($|_)|(API|ACCESS|PRIVATE)_KEY($|_)"
)
REFERENCE = re.compile(r"_(ARN|NAME|FILE|PATH)$")
"""Ends of names that tell where a secret is, not what it is."""
OURS = ("DEPLOYMENT_NAME", "COMMIT_HASH")


@dataclass(frozen=True)
class Variables(MapOf):
    """A mapping of names to texts, without credentials."""

    kind: Kind = Text("a text, as environment variables are", may_be_blank=True)
    what: str = "a mapping of names to texts"

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        read = super().read(value, where, problems)
        if read is not INVALID:
            for name in value:
                if reason := _refusal(name):
                    problems.add(where.child(name, value.lines[name]), reason)
        return read


def _refusal(name: str) -> str | None:
    if not LEGAL.fullmatch(name):
        return "no name of an environment variable: letters, digits and _ only."
    if name in OURS:
        return "it is set for every run, from the commit that is deployed. Remove it."
    folded = name.upper()
    if CREDENTIAL.search(folded) and not REFERENCE.search(folded):
        return (
            "it looks like a credential, and everybody who reads the deployment would see it. Let"
            " the work pool's template give it by reference (secrets of the task definition)."
        )
    return None
