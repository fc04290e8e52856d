"""What was deployed when: one record for each change, kept at Prefect.

Records are written before the change that they tell of, so a change without one cannot be. A
record whose change never happened stays unreferenced: the history of a deployment is the chain of
`previous` that begins with the version that is live.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

How = Literal["apply", "promote", "rollback", "redeploy"]


@dataclass(frozen=True)
class Record:
    """One change of one deployment.

    Attributes:
        name: of the deployment in prefect.yaml.
        live_name: at Prefect.
        version: that the change gave it.
        previous: version before; None for its creation.
        at: ISO 8601, UTC.
        how: which command made it.
        origin: of a promotion the source's environment and version, of a rollback the version
            returned to; else empty.
        fields: of `Wanted.fields`.
        schedules: slug, timing, active (None when not said), parameters.
        paused: as the file says; None when it does not.
        base_parameters: those of prefect.yaml, without what the environment adds.
    """

    name: str
    live_name: str
    version: str
    previous: str | None
    at: str
    how: How
    origin: str
    fields: Mapping[str, Any]
    schedules: tuple[Mapping[str, Any], ...]
    paused: bool | None
    base_parameters: Mapping[str, Any]
