"""moto as a WSGI application, which checks S3's access keys and keeps what S3 holds on disk."""

import io
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from infrastructure.local.addresses import BUCKET, REGION
from infrastructure.local.aws import memory
from infrastructure.local.aws.access import refusal
from infrastructure.local.aws.disk import Disk, Setting

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

CHANGING_METHODS = frozenset({"PUT", "POST", "DELETE"})

NO_SETTING = frozenset({"delete", "uploads", "uploadId", "select", "restore", "x-id"})
"""Query parameters that name an action, not a setting of a bucket."""


class DurableApplication(DomainDispatcherApplication):
    """All of moto's services; only S3's contents outlive the process."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(create_backend_app)
        self._backend_of = lru_cache(maxsize=256)(super().get_backend_for_host)
        self._disk = disk
        self._disk_lock = Lock()

    def get_backend_for_host(self, host: str | None) -> Any:
        """Return the service of a host name; moto reads its own folder to find out, each time."""
        return self._backend_of(host)

    def put_back(self) -> None:
        """Fill S3 from the disk, and make the bucket that every stack has."""
        for name, region in self._disk.buckets():
            memory.backend().create_bucket(name, region)
        for setting in self._disk.settings():
            self._repeat(setting)
        for bucket, key, attributes, body in self._disk.objects():
            memory.put_back(bucket, key, attributes, body)
        if memory.bucket(BUCKET) is None:
            memory.backend().create_bucket(BUCKET, REGION)
            self._keep(BUCKET, "")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; a change is on disk before the client hears of it."""
        application = self.get_application(environ)
        if application is not self.app_instances.get("s3"):
            answer: Iterable[bytes] = application(environ, start_response)
            return answer
        refused = refusal(environ)
        if refused is not None:
            return refused(environ, start_response)
        if environ["REQUEST_METHOD"] not in CHANGING_METHODS:
            answer = application(environ, start_response)
            return answer
        return self._change(application, environ, start_response)

    def _change(
        self, application: Any, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        bucket, key = _address(environ)
        query = _query(environ)
        setting = None
        if bucket and not key and query:
            setting = _read_setting(environ, bucket, query)
        status, headers, body = _answer_of(application, environ)
        if status < HTTPStatus.BAD_REQUEST and bucket:
            with self._disk_lock:
                if setting and environ["REQUEST_METHOD"] == "PUT":
                    self._disk.put_setting(setting)
                elif setting and environ["REQUEST_METHOD"] == "DELETE":
                    self._disk.remove_setting(bucket, query)
                self._keep(bucket, key)
        start_response(f"{status.value} {status.phrase}", headers)
        return body

    def _keep(self, bucket: str, key: str) -> None:
        """Make the disk agree with moto on one object; without a key, on the whole bucket.

        What moto holds now is what counts, not what the request asked for: so the order in which
        two requests for the same object come here does not matter.
        """
        found = memory.bucket(bucket)
        if found is None:
            self._disk.remove_bucket(bucket)
            return
        self._disk.put_bucket(bucket, found.region_name)
        if key:
            changed = {key}
        else:
            changed = memory.live_keys(found) ^ self._disk.keys(bucket)
        for each in changed:
            found_object = memory.read_object(bucket, each)
            if found_object is None:
                self._disk.remove_object(bucket, each)
            else:
                self._disk.put_object(bucket, each, *found_object)

    def _repeat(self, setting: Setting) -> None:
        """Send a request again that configured a bucket."""
        environ: Environ = {
            **setting.headers,
            "REQUEST_METHOD": "PUT",
            "PATH_INFO": f"/{setting.bucket}",
            "QUERY_STRING": setting.query,
            "wsgi.input": io.BytesIO(setting.body),
        }
        status, _, _ = _answer_of(self.get_application(environ), environ)
        if status >= HTTPStatus.BAD_REQUEST:
            print(f"{setting.bucket}?{setting.query} could not be put back: {status.value}")


def _address(environ: Environ) -> tuple[str, str]:
    """Return bucket and key of a path-style request; either may be empty."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", errors="replace")
    bucket, _, key = path.lstrip("/").partition("/")
    return bucket, key


def _query(environ: Environ) -> str:
    """Return the part of a query string that names a setting of a bucket, or nothing."""
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    chosen = sorted((name, value) for name, value in pairs if not name.lower().startswith("x-"))
    if any(name in NO_SETTING for name, _ in chosen):
        return ""
    return urlencode(chosen)


def _read_setting(environ: Environ, bucket: str, query: str) -> Setting:
    """Read a request whole, and leave it readable."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    headers = {
        name: value
        for name, value in environ.items()
        if isinstance(value, str)
        and name.startswith(("HTTP_", "CONTENT_", "SERVER_", "SCRIPT_"))
        or name == "wsgi.url_scheme"
    }
    return Setting(bucket, query, headers, body)


def _answer_of(
    application: Any, environ: Environ
) -> tuple[HTTPStatus, list[tuple[str, str]], list[bytes]]:
    """Run a request to its end."""
    heard: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        heard.append((status, headers))

    answer = application(environ, start_response)
    try:
        body = list(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = heard[-1]
    return HTTPStatus(int(status.split()[0])), headers, body
