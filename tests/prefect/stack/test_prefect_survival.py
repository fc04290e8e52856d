"""Prefect's server in the stack: its database outlives it."""

import httpx
import psutil

from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack
from infrastructure.local.state import State, read_state
from tests.local.stack.clients import until


def state_of(stack: Stack) -> State:
    """What the supervisor has written down."""
    state = read_state(Folder(stack.root))
    assert state is not None
    return state


def kill(stack: Stack, part: str) -> None:
    """SIGKILL a part and wait until the supervisor has started it again."""
    before = state_of(stack).parts[part]
    psutil.Process(before.pid).kill()
    until(lambda: state_of(stack).parts[part] != before, f"{part} started again")


def test_its_records_survive_the_kill_of_server_and_database(prefect_stack: Stack) -> None:
    """SIGKILL of PostgreSQL and of Prefect: a flow registered before is found afterwards.

    Prefect is the last, so that those who use the stack next find no connection of before.
    """
    address = prefect_stack.variables["PREFECT_API_URL"]
    made = httpx.post(f"{address}/flows/", json={"name": "survivor"}).raise_for_status().json()

    def found() -> bool:
        answer = httpx.get(f"{address}/flows/name/survivor")
        return answer.status_code == 200 and answer.json()["id"] == made["id"]

    for part in ("postgres", "prefect"):
        kill(prefect_stack, part)
        until(found, f"the flow after the kill of {part}")


def test_the_pages_are_served(prefect_stack: Stack) -> None:
    """The address without `/api` shows Prefect's pages, and they know where the API is."""
    api = prefect_stack.variables["PREFECT_API_URL"]
    address = api.removesuffix("/api")
    page = httpx.get(address)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert httpx.get(f"{address}/ui-settings").json()["api_url"] == api
