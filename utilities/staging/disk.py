"""The folder for temporary files: what it is called when it has no room."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from utilities.errors import DiskFull

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def explained_disk(source: str) -> Iterator[None]:
    """Raise DiskFull for a temporary file that cannot grow inside the block.

    Args:
        source: what is being staged; it begins the message.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            f"{source}: a temporary file in {tempfile.gettempdir()} cannot grow ({error.strerror}). "
            "Nothing was loaded. Free some room, or set TMPDIR to a folder that has it."
        ) from None
