"""Starts the local Redshift: `python -m infrastructure.local.redshift --port PORT ...`.

FRONT_USERNAME and FRONT_PASSWORD in the environment say who may connect; AWS_* where S3 is.
"""

import argparse
import asyncio
import logging
import os
import signal
from pathlib import Path

from infrastructure.local.redshift.greeting import Identity
from infrastructure.local.redshift.preparation import PreparationFailed, prepare
from infrastructure.local.redshift.server import Front
from infrastructure.local.redshift.session import Place


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.local.redshift")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1")
    parser.add_argument("--socket-dir", type=Path, required=True, help="PostgreSQL's unix socket")
    parser.add_argument("--database-port", type=int, default=5432, help="names the socket")
    parser.add_argument("--database", default="dev", help="the one database that is served")
    parser.add_argument("--superuser", default="postgres", help="prepares the database")
    return parser.parse_args()


async def serve(arguments: argparse.Namespace, identity: Identity) -> None:
    """Prepare the database, accept clients, and end on SIGTERM or SIGINT."""
    place = Place(arguments.socket_dir, arguments.database_port)
    await asyncio.to_thread(prepare, place, identity, arguments.superuser)
    server = await Front(place, identity).listen(arguments.port)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    logging.getLogger("redshift").info("listening on 127.0.0.1:%d", arguments.port)
    await stop.wait()
    server.close()


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    arguments = read_arguments()
    missing = [name for name in ("FRONT_USERNAME", "FRONT_PASSWORD") if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"{' and '.join(missing)} must be set: who may connect.")
    identity = Identity(
        os.environ["FRONT_USERNAME"], os.environ["FRONT_PASSWORD"], arguments.database
    )
    try:
        asyncio.run(serve(arguments, identity))
    except PreparationFailed as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
