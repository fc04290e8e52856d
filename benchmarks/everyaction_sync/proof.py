"""Every step at full size: after each, the table equals the server's people, row by row."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.everyaction_sync.parsons_script import DAYS
from infrastructure.local.stack import Stack
from tests.faults import Call, Hold, Moment, start, statement_proxy, storage_proxy
from tests.local.exports.jobs import sync_once
from tests.local.exports.server import Server, difference
from tests.local.exports.test_faults import NEW_JOB, PASSING
from tests.local.exports.test_killed import STATEMENTS, STEPS
from utilities.errors import TryAgain
from utilities.everyaction.exports.window import as_text
from utilities.settings import Settings

TABLE = "van.proof"
CHANGES = {"changed": 5_000, "created": 500, "suppressed": 300}
BOUND_SECONDS = 300.0


class Proof:
    """A table on its way through everything that can happen to it."""

    def __init__(self, stack: Stack, server: Server) -> None:
        self._stack, self._server = stack, server
        variables = {name.lower(): value for name, value in stack.variables.items()}
        self.settings = Settings.model_validate(variables)
        self._shown = Table("step", "rows", "inserted", "deleted", "attempts", "seconds", "equal")
        self.differences = 0

    def step(
        self, name: str, before: Callable[[], None] = lambda: None, since: str | None = None
    ) -> None:
        """Sync as the task does, with its retries, and compare."""
        before()
        started, attempts = time.perf_counter(), 1
        while True:
            try:
                loaded = sync_once(self.settings, TABLE, since)
                break
            except TryAgain:
                self._server.order("DELETE", "faults")
                attempts += 1
                if attempts > 4:
                    raise
        seconds = time.perf_counter() - started
        told = difference(self._stack, TABLE, self._server.people())
        self.differences += told is not None
        counts = (loaded.rows_staged, loaded.rows_inserted, loaded.rows_deleted)
        self._shown.add_row(
            name, *(f"{n:,}" for n in counts), str(attempts), f"{seconds:.1f}", told or "yes"
        )
        print(f"{name}: {told or 'equal'}", flush=True)

    def change(self, **changes: int) -> None:
        """Let people change at the server."""
        self._server.order("POST", "changes", **(changes or CHANGES))

    def show(self) -> None:
        """Print all steps."""
        Console(width=120).print(self._shown)


def prove(stack: Stack, server: Server) -> None:
    """Print a table of all steps; raise when one ended with a difference."""
    proof = Proof(stack, server)
    proof.step("first sync, 12 files")
    proof.step("changes and deletions", proof.change)
    server.order("POST", "customFields", name="Favorite Color", type="T")
    proof.step("a new custom field", proof.change)
    proof.step("changes and deletions", proof.change)
    proof.step("nothing new")
    for number, (name, order) in enumerate({**PASSING, **NEW_JOB}.items()):
        proof.change()
        order(server)
        # All files each time; a start that is earlier than the watermark is another request.
        proof.step(f"fault: {name}", since=_since(number))
    for number, (name, (place, before, _)) in enumerate(STEPS.items()):
        proof.change()
        _kill_at_storage(proof, place, before, _since(100 + number))
        proof.step(f"killed: {name}", since=_since(100 + number))
    for number, (name, (moment, _)) in enumerate(STATEMENTS.items()):
        proof.change()
        _kill_at_warehouse(proof, moment, _since(200 + number))
        proof.step(f"killed: {name}", since=_since(200 + number))
    proof.show()
    if proof.differences:
        raise RuntimeError(f"{proof.differences} steps ended with a difference")


def _since(seconds: int) -> str:
    """Return a start from which everybody is exported, another one for each number."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return as_text(today - timedelta(days=DAYS) + timedelta(seconds=seconds))


def _kill_at_storage(proof: Proof, place: str, before: bool, since: str) -> None:
    def rule(call: Call) -> Hold | None:
        return Hold(before) if call.method == "PUT" and place in call.path else None

    endpoint = proof.settings.aws_endpoint_url
    assert endpoint is not None
    with storage_proxy(endpoint, rule) as proxy:
        _kill(proof, proxy, since)


def _kill_at_warehouse(proof: Proof, moment: Moment, since: str) -> None:
    with statement_proxy(proof.settings, moment) as proxy:
        _kill(proof, proxy, since)


def _kill(proof: Proof, proxy: Any, since: str) -> None:
    killed = start(sync_once, proxy.settings(proof.settings), TABLE, since)
    if not proxy.reached.wait(BOUND_SECONDS):
        raise RuntimeError("the step was never reached")
    killed.kill()
