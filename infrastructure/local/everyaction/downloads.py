"""Exported files by signed link: they expire, and refuse the API's credentials as blob stores do."""

import asyncio
import re
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infrastructure.local.everyaction.call_log import NO_ANSWER
from infrastructure.local.everyaction.connections import break_off
from infrastructure.local.everyaction.faults import OF_FILES, Fault
from infrastructure.local.everyaction.service import Service

PREFIX = "/files/"
TYPE = "application/octet-stream"
SHARE_THAT_COMES = 0.6
ROWS_MISSING = 3

NO_FAULT = Fault("", {})
_FAILURES = {
    "expired_link": (403, "AuthenticationFailed"),
    "refused_connection": (NO_ANSWER, ""),
}


class Downloads:
    """The folder of files as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        name = request.url.path.removeprefix(PREFIX)
        status, code = self._judge(request, name)
        fault = NO_FAULT
        with self._service.store.transaction():
            if status == 200:
                call = f"{request.method} {PREFIX}{name}"
                fault = self._service.faults.take(call, OF_FILES) or NO_FAULT
                status, code = _FAILURES.get(fault.kind, (status, code))
            if fault.kind == "status":
                status, code = fault.details["status"], "ServerBusy"
            self._service.calls.add(request.method, PREFIX + name, "", status, applied=False)
        if fault.kind == "refused_connection":
            await break_off(scope, receive)
        elif status != 200:
            await _refusal(status, code, fault.details)(scope, receive, send)
        else:
            await _send_file(self._service.files / name, fault)(scope, receive, send)

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


def _send_file(path: Path, fault: Fault) -> ASGIApp:
    """Return what sends a file, with the fault that happens to it."""
    if fault.kind == "short_file":
        return Response(_without_last_rows(path), media_type=TYPE)

    async def send_file(scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "truncated_file":
            await _truncated(path, scope, receive, send)
            return
        if fault.kind == "late_answer":
            await asyncio.sleep(fault.details["seconds"])
        await FileResponse(path, media_type=TYPE)(scope, receive, send)

    return send_file


def _refusal(status: int, code: str, details: dict[str, Any]) -> Response:
    # https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2
    text = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code></Error>'
    headers = {"Retry-After": str(details["retry_after"])} if "retry_after" in details else None
    return Response(text, status, headers, media_type="application/xml")


def _without_last_rows(path: Path) -> bytes:
    content = path.read_bytes()
    ends, quotes, start = [], 0, 0
    for found in re.finditer(rb"\r\n", content):
        quotes += content.count(b'"', start, found.end())
        start = found.end()
        # Inside of a value, which an odd number of quotes has begun, it ends no row.
        if quotes % 2 == 0:
            ends.append(start)
    return content[: ends[max(0, len(ends) - 1 - ROWS_MISSING)]]


async def _truncated(path: Path, scope: Scope, receive: Receive, send: Send) -> None:
    size = path.stat().st_size
    headers = [(b"content-length", str(size).encode()), (b"content-type", TYPE.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with path.open("rb") as file:
        part = file.read(int(size * SHARE_THAT_COMES))
    await send({"type": "http.response.body", "body": part, "more_body": True})
    await break_off(scope, receive)
