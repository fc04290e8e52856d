"""Start the server: `python -m infrastructure.local.aws --port PORT --objects FOLDER`."""

import argparse
import signal
import sys
from pathlib import Path

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from infrastructure.local.addresses import LOOPBACK
from infrastructure.local.aws.application import DurableApplication
from infrastructure.local.aws.disk import Disk


class QuietHandler(MotoRequestHandler):
    """Does not write a line for every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave the log to errors."""


def main() -> None:
    """Read the arguments, put everything back, and serve until told to end."""
    reader = argparse.ArgumentParser(prog="python -m infrastructure.local.aws")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--objects", type=Path, required=True)
    options = reader.parse_args()
    application = DurableApplication(Disk(options.objects))
    application.put_back()
    server = make_server(
        LOOPBACK, options.port, application, threaded=True, request_handler=QuietHandler
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
