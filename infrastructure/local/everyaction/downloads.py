"""Exported files by signed link: they expire, and refuse the API's credentials as blob stores do."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from infrastructure.local.everyaction.connections import break_off
from infrastructure.local.everyaction.faults import OF_FILES, Fault
from infrastructure.local.everyaction.service import Service

PREFIX = "/files/"
TYPE = "application/octet-stream"
SHARE_THAT_COMES = 0.6
ROWS_MISSING = 3


class Downloads:
    """The folder of files as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        name = request.url.path.removeprefix(PREFIX)
        status, code = self._judge(request, name)
        fault: Fault | None = None
        with self._service.store.transaction():
            if status == 200:
                fault = self._service.faults.take(f"{request.method} {PREFIX}{name}", OF_FILES)
            if fault and fault.kind == "expired_link":
                status, code = 403, "AuthenticationFailed"
            self._service.calls.add(request.method, PREFIX + name, "", status, applied=False)
        if status != 200:
            await _refusal(status, code)(scope, receive, send)
            return
        path = self._service.files / name
        if fault is None:
            await FileResponse(path, media_type=TYPE)(scope, receive, send)
        elif fault.kind == "short_file":
            await Response(_without_last_rows(path), media_type=TYPE)(scope, receive, send)
        else:
            await _truncated(path, scope, receive, send)

    def _judge(self, request: Request, name: str) -> tuple[int, str]:
        query = request.query_params
        expires = query.get("se", "")
        if "authorization" in request.headers:
            return 400, "InvalidAuthenticationInfo"
        if not self._service.links.is_valid(name, expires, query.get("sig", "")):
            return 403, "AuthenticationFailed"
        if int(expires) <= self._service.clock.now():
            return 403, "AuthenticationFailed"
        if request.method not in ("GET", "HEAD"):
            return 405, "UnsupportedHttpVerb"
        if not (self._service.files / name).is_file():
            return 404, "BlobNotFound"
        return 200, ""


def _refusal(status: int, code: str) -> Response:
    # https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code></Error>'
    return Response(text, status, media_type="application/xml")


def _without_last_rows(path: Path) -> bytes:
    lines = path.read_bytes().split(b"\r\n")
    return b"\r\n".join([*lines[: -1 - ROWS_MISSING], b""])


async def _truncated(path: Path, scope: Scope, receive: Receive, send: Send) -> None:
    size = path.stat().st_size
    headers = [(b"content-length", str(size).encode()), (b"content-type", TYPE.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with path.open("rb") as file:
        part = file.read(int(size * SHARE_THAT_COMES))
    await send({"type": "http.response.body", "body": part, "more_body": True})
    await break_off(scope, receive)
