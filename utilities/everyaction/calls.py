"""One call to an endpoint for which parsons has no method."""

from typing import TYPE_CHECKING, Any

from utilities.everyaction.answers import parsed

if TYPE_CHECKING:
    from parsons.ngpvan.van import VAN


def call(
    van: "VAN",
    method: str,
    path: str,
    *,
    json: Any = None,
    params: dict[str, Any] | None = None,
    repeatable: bool | None = None,
) -> Any:
    """Call the API once and return the parsed answer; None when it has no body.

    Args:
        van: what `connect` returned.
        method: of HTTP.
        path: below the API's address, such as `people/find`.
        json: body.
        params: of the query.
        repeatable: it may be sent again although the first may have been carried out; None: as is
            known of its path.

    Raises:
        FlowError: as `Transport.request` does.
    """
    response = van.connection.api.request(
        path.lstrip("/"), method.upper(), json=json, params=params, repeatable=repeatable
    )
    return parsed(response)
