"""How a path of the API finds the function that answers it."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from infrastructure.local.everyaction.exchange import Answer, Call, Refusal, not_found

Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """One method of one path.

    Attributes:
        method: such as GET.
        template: the path, variables in braces: `/people/{van_id}/codes`.
        handler: answers the call.
        writes: whether success means that something was changed.
        before: runs first, outside of the transaction; may wait for what is under way.
        after: runs after the commit, before the answer; for what takes long.
    """

    method: str
    template: str
    handler: Handler
    writes: bool = False
    before: Callable[[Call], Awaitable[None]] | None = None
    after: Callable[[Call, Answer], Awaitable[Answer]] | None = None


class Table:
    """All endpoints; a template without variables goes before one with."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._fixed: dict[str, dict[str, Endpoint]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Endpoint]]] = []
        for endpoint in endpoints:
            self._methods(endpoint.template)[endpoint.method] = endpoint

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        """Return what answers a request, and the values of the path's variables.

        Raises:
            Refusal: nothing does.
        """
        methods, values = self._fixed.get(path), {}
        if methods is None:
            for pattern, known in self._patterns:
                if found := pattern.fullmatch(path):
                    methods, values = known, found.groupdict()
                    break
        if methods is None:
            raise not_found()
        if method not in methods:
            raise Refusal(
                405,
                "METHOD_NOT_ALLOWED",
                f"{method} is not possible here",
                Allow=", ".join(methods),
            )
        return methods[method], values

    def _methods(self, template: str) -> dict[str, Endpoint]:
        if "{" not in template:
            return self._fixed.setdefault(template, {})
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template))
        for known, methods in self._patterns:
            if known == pattern:
                return methods
        self._patterns.append((pattern, {}))
        return self._patterns[-1][1]
