"""The whole server as one ASGI application: the API, the exported files, the controls."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infrastructure.local.everyaction import (
    bulk_imports,
    canvass,
    codes,
    committee,
    control,
    exports,
    people,
    profiles,
    saved_lists,
)
from infrastructure.local.everyaction.downloads import Downloads
from infrastructure.local.everyaction.endpoints import Table
from infrastructure.local.everyaction.gate import Gate
from infrastructure.local.everyaction.service import Service

MODULES = (profiles, exports, people, codes, canvass, committee, saved_lists, bulk_imports)


class Application:
    """Gives each request to the part that its path names."""

    def __init__(self, folder: Path, key: str) -> None:
        self.service = Service(folder, key)
        self._api = Gate(self.service, Table(e for m in MODULES for e in m.ENDPOINTS))
        self._files = Downloads(self.service)
        self._control = Starlette(routes=control.routes(self.service))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._part(scope["path"])(scope, receive, send)

    def _part(self, path: str) -> ASGIApp:
        if path.startswith("/v4/"):
            return self._api
        if path.startswith("/files/"):
            return self._files
        if path.startswith("/_local/"):
            return self._control
        return Response(status_code=404)
