"""What every request to /v4 passes: key, limit, ordered faults, one transaction, the log."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from infrastructure.local.everyaction.authentication import database_mode
from infrastructure.local.everyaction.call_log import NO_ANSWER
from infrastructure.local.everyaction.connections import break_off
from infrastructure.local.everyaction.endpoints import Endpoint, Table
from infrastructure.local.everyaction.exchange import Answer, Call, Refusal
from infrastructure.local.everyaction.faults import OF_CALLS, Fault
from infrastructure.local.everyaction.service import Service

PREFIX = "/v4"


class Gate:
    """The API as an ASGI application."""

    def __init__(self, service: Service, table: Table) -> None:
        self._service = service
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        answer, fault = await self._answer(request, body)
        kind = fault.kind if fault else ""
        if kind in ("refused_connection", "lost_answer"):
            await break_off(scope, receive)
            return
        if fault and kind == "late_answer":
            await asyncio.sleep(fault.details["seconds"])
        await _response(answer)(scope, receive, send)

    async def _answer(self, request: Request, body: bytes) -> tuple[Answer, Fault | None]:
        path = request.url.path.removeprefix(PREFIX).rstrip("/")
        fault: Fault | None = None
        try:
            mode = self._admit(request)
            with self._service.store.transaction():
                fault = self._service.faults.take(f"{request.method} {PREFIX}{path}", OF_CALLS)
            if fault and fault.kind == "refused_connection":
                self._log(request, path, NO_ANSWER, body, False)
                return Answer(NO_ANSWER), fault
            if fault and fault.kind == "status":
                raise _failure(fault)
            endpoint, values = self._table.find(request.method, path)
            base = f"{request.url.scheme}://{request.url.netloc}{PREFIX}"
            query = dict(request.query_params)
            call = Call(self._service, mode, base, path, query, body, values)
            is_lost = fault is not None and fault.kind == "lost_answer"
            answer = await self._carry_out(request, endpoint, call, is_lost)
        except Refusal as refusal:
            answer = refusal.answer
            self._log(request, path, answer.status, body, False)
        return answer, fault

    async def _carry_out(
        self, request: Request, endpoint: Endpoint, call: Call, is_lost: bool
    ) -> Answer:
        """Answer a call; what it changes and its line in the log are one transaction."""
        if endpoint.before is not None:
            await endpoint.before(call)
        with self._service.store.transaction():
            answer = endpoint.handler(call)
            status = NO_ANSWER if is_lost else answer.status
            self._log(request, call.path, status, call.body, endpoint.writes)
        return answer if endpoint.after is None else await endpoint.after(call, answer)

    def _admit(self, request: Request) -> int:
        header = request.headers.get("authorization")
        mode = database_mode(header, self._service.key)
        if self._service.is_revoked:
            raise Refusal(401, "UNAUTHORIZED", "The API key was revoked")
        if not self._service.limit.admits():
            raise Refusal(429, "TOO_MANY_REQUESTS", "Too many requests", Retry_After="1")
        return mode

    def _log(self, request: Request, path: str, status: int, body: bytes, applied: bool) -> None:
        self._service.calls.add(
            request.method, f"{PREFIX}{path}", request.url.query, status, body, applied=applied
        )


def _failure(fault: Fault) -> Refusal:
    status: int = fault.details["status"]
    wait: Any = fault.details.get("retry_after")
    headers = {"Retry_After": str(wait)} if wait is not None else {}
    return Refusal(status, _CODES[status], "The request could not be served", **headers)


_CODES = {
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_SERVER_ERROR",
    502: "BAD_GATEWAY",
    503: "SERVICE_UNAVAILABLE",
}


def _response(answer: Answer) -> Response:
    if answer.content is None:
        return Response(status_code=answer.status, headers=answer.headers)
    return JSONResponse(answer.content, answer.status, answer.headers)
