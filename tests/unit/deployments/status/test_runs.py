"""The newest run of each deployment, of a list that knows no deployments."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.status.runs import PAGE, last_finished


class ListOfRuns:
    """Answers as Prefect does: the runs of some deployments, the latest first, up to a page."""

    def __init__(self, runs: Sequence[tuple[str, int]]) -> None:
        self.runs = sorted(runs, key=lambda run: -run[1])
        self.requests = 0

    def request(self, method: str, path: str, json: Any = None) -> Any:
        """Return one page."""
        self.requests += 1
        asked = json["flow_runs"]["deployment_id"]["any_"]
        found = [run for run in self.runs if run[0] in asked]
        return [self._answer(*run) for run in found[: json["limit"]]]

    def _answer(self, deployment: str, minute: int) -> dict[str, Any]:
        return {
            "id": f"{deployment}-{minute}",
            "name": "brave-bee",
            "deployment_id": deployment,
            "state_type": "COMPLETED",
            "state_name": "Completed",
            "end_time": f"2026-11-21T{minute:06}",
            "deployment_version": None,
        }


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9_999)), max_size=900))
def test_each_deployment_gets_its_latest(runs: list[tuple[str, int]]) -> None:
    """However the runs are spread over deployments and pages."""
    found = last_finished(ListOfRuns(runs), "abcdefgh")
    latest = {name: max(minute for each, minute in runs if each == name) for name, _ in runs}
    assert {name: run.id for name, run in found.items()} == {
        name: f"{name}-{minute}" for name, minute in latest.items()
    }


def test_many_deployments_take_few_requests() -> None:
    """600 deployments, of which one runs every minute: three requests."""
    busy = [("busy", 1_000_000 + minute) for minute in range(5 * PAGE)]
    daily = [(f"daily-{number}", 10 * day) for number in range(100) for day in range(3)]
    api = ListOfRuns(busy + daily)
    names = ["busy", *(f"daily-{number}" for number in range(100))]
    never = [f"never-{number}" for number in range(499)]
    assert set(last_finished(api, [*names, *never])) == set(names)
    assert api.requests == 3


def test_nothing_is_asked_about_nothing() -> None:
    """Without deployments there is no request."""
    api = ListOfRuns([])
    assert (last_finished(api, []), api.requests) == ({}, 0)
