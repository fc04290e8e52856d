"""What tests and tools order of the server: /_local, without a key, JSON."""

import csv
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from infrastructure.local.everyaction.export_requests import custom_fields
from infrastructure.local.everyaction.fields import CONTACTS, RESOURCES
from infrastructure.local.everyaction.rows import Selection, select_rows
from infrastructure.local.everyaction.service import EXPORT_DEFAULTS, Service

ROWS_A_PIECE = 2_000

Order = Callable[[Service, dict[str, Any]], Any]


def routes(service: Service) -> list[Route]:
    """Return every route of /_local."""
    orders: dict[tuple[str, str], Order] = {
        ("PUT", "people"): _people,
        ("POST", "changes"): _changes,
        ("POST", "customFields"): _custom_field,
        ("PUT", "limit"): _limit,
        ("PUT", "clock"): _clock,
        ("PUT", "key"): _key,
        ("PUT", "export"): _export,
        ("POST", "faults"): lambda s, order: {"id": s.faults.order(order)},
        ("DELETE", "faults"): lambda s, _: s.faults.forget(),
        ("POST", "reset"): lambda s, _: s.reset(),
    }
    questions: dict[str, Callable[[Service, Request], Any]] = {
        "health": lambda s, _: {"people": s.people.count()},
        "calls": lambda s, r: s.calls.after(int(r.query_params.get("after", 0))),
        "calls/count": _count,
        "faults": lambda s, _: s.faults.pending(),
        "applied": _applied,
        "canvassResponses": _responses,
        "people": _table,
    }
    return [
        *(
            Route(f"/_local/{path}", _ask(service, q), methods=["GET"])
            for path, q in questions.items()
        ),
        *(
            Route(f"/_local/{path}", _obey(service, order), methods=[method])
            for (method, path), order in orders.items()
        ),
    ]


def _obey(service: Service, order: Order) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body = await request.body()
        content = await request.json() if body else {}
        try:
            with service.store.transaction():
                found = order(service, content)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({} if found is None else found)

    return answer


def _ask(
    service: Service, question: Callable[[Service, Request], Any]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        found = question(service, request)
        return found if isinstance(found, Response) else JSONResponse(found)

    return answer


def _people(service: Service, order: dict[str, Any]) -> Any:
    service.people.seed(int(order["count"]), drifts=False)
    return {"people": service.people.count()}


def _changes(service: Service, order: dict[str, Any]) -> Any:
    wanted = [int(order.get(name, 0)) for name in ("changed", "created", "suppressed")]
    return service.people.change(*wanted)


def _custom_field(service: Service, order: dict[str, Any]) -> Any:
    if order["type"] not in tuple("TNDBM"):
        raise ValueError(f"type {order['type']!r}; expected T, N, D, B or M")
    return {"customFieldId": service.people.add_custom_field(order["name"], order["type"])}


def _limit(service: Service, order: dict[str, Any]) -> None:
    service.set_limit(order["per_second"])


def _clock(service: Service, order: dict[str, Any]) -> None:
    service.set_clock(float(order["offset_seconds"]))


def _key(service: Service, order: dict[str, Any]) -> None:
    service.set_revoked(bool(order["revoked"]))


def _export(service: Service, order: dict[str, Any]) -> Any:
    if unknown := order.keys() - EXPORT_DEFAULTS.keys():
        raise ValueError(f"{sorted(unknown)}; expected some of {sorted(EXPORT_DEFAULTS)}")
    service.store.keep("export", {**service.store.setting("export", {}), **order})
    return service.export_settings


def _count(service: Service, request: Request) -> Any:
    status = request.query_params.get("status")
    path = request.query_params.get("path")
    return {"count": service.calls.count(path, None if status is None else int(status))}


def _applied(service: Service, _: Request) -> Any:
    rows = service.store.database.execute(
        "SELECT van_id, code_id, times FROM person_codes ORDER BY van_id, code_id"
    )
    return [{"vanId": van_id, "codeId": code, "times": times} for van_id, code, times in rows]


def _responses(service: Service, _: Request) -> Any:
    rows = service.store.database.execute(
        "SELECT van_id, times, content FROM canvass_responses ORDER BY id"
    )
    return [
        {"vanId": van_id, "times": times, "content": json.loads(content)}
        for van_id, times, content in rows
    ]


def _table(service: Service, request: Request) -> Response:
    fields = RESOURCES[CONTACTS]
    if request.query_params.get("fields") == "all":
        fields += custom_fields(service)
    else:
        fields = tuple(field for field in fields if field.is_core)
    pieces = _csv(service, Selection(CONTACTS, fields))
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8")


def _csv(service: Service, selection: Selection) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([field.name for field in selection.fields])
    with service.store.snapshot() as database:
        for number, row in enumerate(select_rows(database, selection), start=1):
            writer.writerow(row)
            if number % ROWS_A_PIECE == 0:
                yield text.getvalue()
                text.seek(0)
                text.truncate()
    yield text.getvalue()
