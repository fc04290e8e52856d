"""Start the server: `python -m infrastructure.local.feeds --port PORT`."""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infrastructure.local.addresses import LOOPBACK


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


def main() -> None:
    """Read the arguments and serve until told to end."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--data")
    ThreadingHTTPServer((LOOPBACK, reader.parse_args().port), Handler).serve_forever()


if __name__ == "__main__":
    main()
