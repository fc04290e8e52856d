"""The same commit built once more: its images get a tag of their own.

A tag is never moved to another image, so an image that was built again for security has to be
called differently.
"""

import re
from datetime import UTC, datetime

from utilities.errors import ParameterInvalid

REBUILD = re.compile(r"[A-Za-z0-9_.]{1,32}")
"""What fits into a tag: https://github.com/opencontainers/distribution-spec/blob/main/spec.md"""


def name_rebuild(now: datetime) -> str:
    """Return the name of a rebuild that begins now: 20261121T1405."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M")


def rebuild_tag(commit: str, rebuild: str) -> str:
    """Return the tag of the root image of a rebuild.

    Raises:
        ParameterInvalid: the name does not fit into a tag.
    """
    if not REBUILD.fullmatch(rebuild):
        raise ParameterInvalid(
            f"--rebuild {rebuild!r}: expected up to 32 letters, digits, underscores and dots, as "
            f"{name_rebuild(datetime.now(UTC))}. The same name is given to images and to redeploy."
        )
    return f"{commit}-r{rebuild}"
