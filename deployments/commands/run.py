"""`python -m deployments run NAME --environment E`."""

from dataclasses import asdict
from pathlib import Path

from deployments.connection import connect
from deployments.moves.finding import find_live
from deployments.output import print_json, print_text
from deployments.status.awaiting import RunState, Wait, await_end, start_run
from utilities.errors import ParameterInvalid

FAILED = 1
MINUTE_SECONDS = 60


def run(
    name: str,
    *,
    environment: str,
    image: str | None = None,
    timeout_minutes: float = 15,
    json: bool = False,
) -> int:
    """Start a run of a live deployment and wait for its end; status 0 only when it completed.

    Args:
        name: of the deployment.
        environment: that it is live in.
        image: that this run starts from, to try one that no deployment has yet.
        timeout_minutes: how long to wait; a run that goes on then is left to itself.
        json: print JSON.
    """
    if timeout_minutes <= 0:
        raise ParameterInvalid(f"--timeout-minutes {timeout_minutes:g}: expected more than 0.")
    with connect(environment) as api:
        _, live = find_live(api, Path.cwd(), environment, name)
        started = start_run(api, live, image)
        if not json:
            print_text(f"{live.live_name}: {started.name} ({started.id})")
        wait = Wait(timeout_minutes * MINUTE_SECONDS)
        ended = await_end(api, started, wait, lambda seen: None if json else _print(seen))
    if json:
        print_json(asdict(ended))
    elif not ended.has_ended:
        pool = live.fields["work_pool_name"]
        print_text(
            f"It has not ended after {timeout_minutes:g} minutes and is left to itself. Look whether "
            f"a worker takes runs from the work pool {pool}."
        )
    return 0 if ended.has_completed else FAILED


def _print(seen: RunState) -> None:
    print_text(f"{seen.state_name:<10} {seen.message}".rstrip())
