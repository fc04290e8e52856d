"""What a worker tells Prefect of a run, without running anything."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from deployments.live.api import PrefectApi


@contextmanager
def pretended_worker(
    api: PrefectApi, project: str, *states: dict[str, str]
) -> Iterator[list[dict[str, Any]]]:
    """Take the runs of a project that somebody has started, and tell Prefect these states of each.

    Gives the runs that were taken.
    """
    taken: list[dict[str, Any]] = []
    stopped = threading.Event()
    due = {
        "deployments": {"name": {"like_": f"{project}--"}},
        "flow_runs": {"state": {"name": {"any_": ["Scheduled", "Late"]}}},
    }

    def work() -> None:
        while not stopped.wait(0.05):
            for run in api.request("POST", "/flow_runs/filter", due):
                if run["auto_scheduled"]:
                    continue
                taken.append(run)
                for state in states:
                    body = {"state": state, "force": True}
                    api.request("POST", f"/flow_runs/{run['id']}/set_state", body)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield taken
    finally:
        stopped.set()
        thread.join()
