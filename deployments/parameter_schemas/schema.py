"""What importing a flow gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FlowSchema:
    """What only the imported flow can tell.

    Attributes:
        flow: its name at Prefect.
        parameters: JSON schema of its parameters, as `prefect deploy` writes it.
    """

    flow: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class SchemaFailure:
    """Why a flow could not be imported.

    Attributes:
        reason: last line of the traceback.
        place: file from the repository's root and line of the innermost frame that is ours.
    """

    reason: str
    place: str
