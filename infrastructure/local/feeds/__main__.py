"""Start the server: `python -m infrastructure.local.feeds --port PORT`."""

import argparse
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from infrastructure.local.addresses import LOOPBACK
from infrastructure.local.feeds.caller import address_of_caller
from infrastructure.local.feeds.newsrooms import Document, document_at

HEALTH = "/_local/health"


class Newsstand(BaseHTTPRequestHandler):
    """Answers with feeds, or with 304 to who has the present one already."""

    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a feed."""
        asked = urlsplit(self.path)
        if asked.path == HEALTH:
            self._send(HTTPStatus.OK, {}, b"")
            return
        told = address_of_caller(asked.path.removeprefix("/"), self.client_address[0])
        if told is not None:
            kind, content = told
            headers = {"Content-Type": kind, "Cache-Control": "no-store"}
            self._send(HTTPStatus.OK, headers, content)
            return
        page = parse_qs(asked.query).get("page", ["1"])[0]
        found = document_at(
            asked.path.removeprefix("/"),
            int(page) if page.isdecimal() else 0,
            f"http://{LOOPBACK}:{self.connection.getsockname()[1]}",
            datetime.now(UTC),
        )
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, {}, b"")
            return
        etag = f'"{sha256(found.content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Last-Modified": format_datetime(found.modified, usegmt=True)}
        if self._has(etag, found):
            self._send(HTTPStatus.NOT_MODIFIED, headers, None)
        else:
            self._send(
                HTTPStatus.OK, {**headers, "Content-Type": found.content_type}, found.content
            )

    do_HEAD = do_GET

    def _has(self, etag: str, found: Document) -> bool:
        """Say whether the client has this version. An ETag counts more than a time.

        https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
        """
        known = self.headers.get("If-None-Match")
        if known is not None:
            return etag in [each.strip().removeprefix("W/") for each in known.split(",")]
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.tzinfo is not None and found.modified <= since

    def _send(self, status: HTTPStatus, headers: dict[str, str], content: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if content is not None:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if content and self.command == "GET":
            self.wfile.write(content)


def main() -> None:
    """Read the arguments and serve until told to end."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--port", type=int, required=True)
    ThreadingHTTPServer((LOOPBACK, reader.parse_args().port), Newsstand).serve_forever()


if __name__ == "__main__":
    main()
