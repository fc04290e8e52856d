"""Many deployments, so that there is a middle in which an apply can end."""

import time
from collections.abc import Callable

from tests.prefect.deployments.apply.workspace import Workspace

COUNT = 10
BOUND_SECONDS = 60.0


def declare_many(workspace: Workspace) -> None:
    """Declare many deployments of one flow, so that there is a middle."""
    entries = "".join(
        f"  - name: reports-{number}\n"
        "    entrypoint: flows/reports.py:reports\n"
        f"    schedules: [{{slug: daily, cron: '{number} 6 * * *'}}]\n"
        "    work_pool: {name: process}\n"
        for number in range(COUNT)
    )
    text = (workspace.made.root / "prefect.yaml").read_text()
    start = text.index("  - name: orders")
    workspace.made.write("prefect.yaml", text[:start] + entries)
    text = (workspace.made.root / "environments.yaml").read_text()
    lines = [
        line for line in text.splitlines() if "orders:" not in line and "overrides" not in line
    ]
    workspace.made.write("environments.yaml", "\n".join(lines) + "\n")
    workspace.made.commit()


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, no longer than the bound."""
    end = time.monotonic() + BOUND_SECONDS
    while not condition():
        assert time.monotonic() < end, what


def written(workspace: Workspace, method: str) -> int:
    """How many deployments were written through the proxy."""
    return sum(
        request.method == method and request.path.startswith("/deployments/")
        for request in list(workspace.proxy.requests)
    )
