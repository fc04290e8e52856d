"""End a session whose connection was lost: what it had begun may still be running."""

import time

from utilities.errors import WarehouseUnavailable
from utilities.redshift.connection import connected
from utilities.settings import Settings

ATTEMPTS = 40
PAUSE_SECONDS = 0.5


def end_session(process: int, settings: Settings) -> None:
    """Return when a session of this user is no more; a session that is gone already is fine.

    Redshift notices a lost client only when it has something to tell it; an UNLOAD goes on.
    https://docs.aws.amazon.com/redshift/latest/dg/PG_TERMINATE_BACKEND.html

    Args:
        process: as the connection told it when it was opened.

    Raises:
        WarehouseUnavailable: Redshift does not answer, or the session does not end.
    """
    with connected(settings) as connection, connection.cursor() as cursor:
        for _ in range(ATTEMPTS):
            cursor.execute("SELECT pg_terminate_backend(%s)", (process,))
            found = cursor.fetchone()
            if not found or not found[0]:
                return
            time.sleep(PAUSE_SECONDS)
    raise WarehouseUnavailable(
        f"Redshift's session {process} did not end within {ATTEMPTS * PAUSE_SECONDS:.0f} s after its "
        "connection was lost. Run again later."
    )
