"""AWS on loopback: moto's server, with an S3 that survives a restart."""

import argparse
import signal
import sys
from pathlib import Path

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

from infrastructure.local.addresses import BUCKET, LOOPBACK, REGION


def main() -> None:
    """Read the arguments and serve until told to end."""
    reader = argparse.ArgumentParser(prog="python -m infrastructure.local.aws")
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--objects", type=Path, required=True)
    options = reader.parse_args()
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(BUCKET, REGION)
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        LOOPBACK, options.port, application, threaded=True, request_handler=MotoRequestHandler
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
