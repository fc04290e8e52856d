"""Prefect's server on loopback, with its database in the stack's PostgreSQL.

A launcher of its own, for two reasons. The embedded PostgreSQL has no `pg_trgm`, which Prefect's
migrations ask for to speed up searching by part of a name; here those statements are changed on
their way. And Prefect is imported once instead of twice, which saves seconds at each start.
"""

import argparse
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infrastructure.local.addresses import LOOPBACK
from infrastructure.local.postgres import PREFECT_DATABASE, SOCKET_PORT, SUPERUSER


def settings(port: int, sockets: Path, home: Path) -> dict[str, str]:
    """Return the environment that Prefect reads when it is imported."""
    database = f"{SUPERUSER}@/{PREFECT_DATABASE}?host={quote(str(sockets))}&port={SOCKET_PORT}"
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"postgresql+asyncpg://{database}",
        "PREFECT_API_URL": f"http://{LOOPBACK}:{port}/api",
        # Prefect lists the time zones whenever it reads a schedule: from the package tzdata that is
        # one file, from the system's folders hundreds, and a page of deployments takes ten times
        # as long. https://docs.python.org/3/library/zoneinfo.html#configuring-the-data-sources
        "PYTHONTZPATH": "",
        # Else Prefect unpacks its pages into its own package, which may not be writable.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "pages"),
        # Else an event is shown up to five seconds after it was sent.
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def without_trigrams(statement: str) -> str:
    """Return a statement of Prefect's migrations as a PostgreSQL without `pg_trgm` takes it.

    The index becomes a plain one: the same answers, without the speed on long lists.
    """
    if "pg_trgm" in statement.lower():
        return "SELECT 1"
    return statement.replace("USING gin (name gin_trgm_ops)", "(name)")


def main() -> None:
    """Read the arguments, then serve until told to end."""
    reader = argparse.ArgumentParser(prog="python -m infrastructure.local.prefect_server")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--socket-dir", type=Path, required=True)
    reader.add_argument("--home", type=Path, required=True)
    options = reader.parse_args()
    os.environ.update(settings(options.port, options.socket_dir, options.home))
    # After the environment: Prefect reads it when it is imported.
    import uvicorn
    from prefect.server.api.server import create_app
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def change(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> tuple[str, Any]:
        return without_trigrams(statement), parameters

    uvicorn.run(create_app(final=True), host=LOOPBACK, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
