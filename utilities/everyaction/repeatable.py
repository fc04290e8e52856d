"""Which requests may be sent again although the first may have been carried out."""

import re

READING = {"GET", "HEAD", "OPTIONS"}

REPEATABLE = {
    r"people/find(ByPhone)?": "only looks for a person",
    r"people/findOrCreate": "the second one finds the person whom the first one made",
    r"changedEntityExportJobs": "reads; another job changes nothing",
    r"exportJobs": "reads; another job changes nothing",
    r"echoes": "answers with what it was sent",
}
"""Paths that may be POSTed twice, as regular expressions, each with the reason."""

_REPEATABLE = re.compile("|".join(REPEATABLE))


def is_repeatable(method: str, path: str) -> bool:
    """Say whether a request has the same effect once and twice.

    The API promises this for no write, so whatever is not listed here is not sent again.

    Args:
        method: of HTTP, in capitals.
        path: below the API's base address, without a query.
    """
    if method in READING:
        return True
    return method == "POST" and _REPEATABLE.fullmatch(path.strip("/")) is not None
