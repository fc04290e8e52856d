"""Start the server: `python -m infrastructure.local.everyaction --port PORT --data FOLDER`.

The one API key that it knows comes from the variable LOCAL_API_KEY: an argument would show it to
every user of the machine.
"""

import argparse
import os
from pathlib import Path

import uvicorn

from infrastructure.local.addresses import LOOPBACK
from infrastructure.local.everyaction.application import Application
from infrastructure.local.everyaction.connections import BreakableProtocol

KEEP_ALIVE_SECONDS = 60
LAST_ANSWERS_SECONDS = 2


def main() -> None:
    """Read the arguments and serve until told to end."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--data", type=Path, required=True)
    options = reader.parse_args()
    uvicorn.run(
        Application(options.data, os.environ["LOCAL_API_KEY"]),
        host=LOOPBACK,
        port=options.port,
        http=BreakableProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
    )


if __name__ == "__main__":
    main()
