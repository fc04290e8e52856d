"""Several applies at once: what remains is one of them, whole."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployments.apply.writing_one import Target, Written, write
from deployments.declaration import Schedule
from deployments.identity import Identity
from deployments.live.api import PrefectApi
from deployments.live.deployment import LiveDeployment
from deployments.live.reading import read_one
from deployments.live.writing import create
from deployments.records import Record
from infrastructure.local.stack import Stack
from tests.prefect.deployments.apply.turns import Turns, TurnTakingApi
from tests.prefect.deployments.apply.workspace import Workspace, open_workspace
from utilities.errors import ChangeRefused, FlowError

CRON = {"timezone": "UTC", "day_or": True}


class Named:
    """A new deployment of the same flow."""

    def __init__(self, live: LiveDeployment, name: str) -> None:
        assert live.identity is not None
        self.identity: Identity = replace(live.identity, name=name)
        self.flow = live.flow


def schedule(slug: str, cron: str) -> Schedule:
    """A schedule that does not say whether it is active."""
    return Schedule(slug, {"cron": cron, **CRON})


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, prefect_stack: Stack
) -> Iterator[Workspace]:
    """A project that is deployed."""
    folder = tmp_path_factory.mktemp("at once")
    with open_workspace(folder, prefect_stack.variables["PREFECT_API_URL"]) as opened:
        opened.apply("orders")
        yield opened


def make_target(live: LiveDeployment, number: int) -> Target:
    """One of two states that have nothing in common: fields, schedules, pause."""
    assert live.identity is not None
    sides: dict[int, tuple[dict[str, Any], tuple[Schedule, ...]]] = {
        1: ({"description": "one", "parameters": {"limit": 1}}, (schedule("a", "1 * * * *"),)),
        2: (
            {"tags": ["two"], "concurrency_limit": 2},
            (schedule("a", "2 * * * *"), schedule("b", "3 * * * *")),
        ),
    }
    changes, schedules = sides[number]
    fields = {**live.fields, **changes, "version": f"v{number}-{number:016x}-{number:012x}"}
    record = Record(
        live.identity.name,
        live.live_name,
        fields["version"],
        None,
        "2026-11-21T08:00:00+00:00",
        "apply",
        "",
        fields,
        (),
        None,
        {},
    )
    return Target(live.identity, live.flow, live, fields, schedules, number == 1, record)


def is_whole(live: LiveDeployment, target: Target) -> bool:
    """It is exactly what one of them wanted."""
    return not target.differences(live)


def in_turns(api: PrefectApi, order: list[int], targets: list[Target]) -> list[Written | FlowError]:
    """Write all at once, their requests in an order; return what each of them was told."""
    turns = Turns(order)

    def attempt(number: int) -> Written | FlowError:
        with TurnTakingApi(api, turns, number) as client:
            try:
                return write(client, targets[number])
            except FlowError as error:
                return error
            finally:
                turns.end(number)

    with ThreadPoolExecutor(len(targets)) as threads:
        return list(threads.map(attempt, range(len(targets))))


@pytest.fixture
def before(workspace: Workspace) -> LiveDeployment:
    """A deployment with schedules that neither of the two wants."""
    return workspace.read()[f"{workspace.made.project}--main--orders--production"]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.lists(st.integers(0, 1), min_size=4, max_size=14))
def test_in_any_order_one_of_both_remains_whole(
    workspace: Workspace, before: LiveDeployment, order: list[int]
) -> None:
    """Two writers of one deployment, their requests interleaved in every way: the state is that
    of one of them in every field and schedule, and who is told that it was written first or last
    is told the truth."""
    api = workspace.direct
    assert before.identity is not None
    live = create(
        api,
        Named(before, f"{before.identity.name}-{len(workspace.read())}"),
        before.fields,
        [schedule("gone", "4 * * * *"), schedule("a", "0 * * * *")],
    )
    targets = [make_target(live, 1), make_target(live, 2)]
    told = in_turns(api, order, targets)
    after = read_one(api, live.id)
    winners = [number for number, target in enumerate(targets) if is_whole(after, target)]
    assert len(winners) == 1, (order, told, after)
    assert isinstance(told[winners[0]], Written)
    loser = told[1 - winners[0]]
    assert isinstance(loser, ChangeRefused) or (
        isinstance(loser, Written) and loser.kind in ("updated", "overtaken")
    )


def test_two_commands_at_once(workspace: Workspace) -> None:
    """Two processes that apply for the first time, from two commits: both end, and every
    deployment is whole, of one of both."""
    other = workspace.made.root.parent / "the same repository elsewhere"
    workspace.made.git("clone", "--quiet", str(workspace.made.root), str(other))
    second = replace(workspace.made, root=other)
    second.edit("prefect.yaml", "memory: 2048", "memory: 4096")
    commits = {workspace.made.git("rev-parse", "HEAD"): 2048, second.commit(): 4096}
    variables: Mapping[str, str] = {"PREFECT_API_URL": workspace.direct.address.url}

    with ThreadPoolExecutor(2) as threads:
        runs = [
            threads.submit(made.run, "apply", "--environment", "staging", **variables)
            for made in (workspace.made, second)
        ]
        ended = [run.result() for run in runs]
    assert [(each.stderr, each.returncode in (0, 1)) for each in ended] == [("", True)] * 2
    live = [each for name, each in workspace.read().items() if name.endswith("--staging")]
    assert len(live) == 3
    for each in live:
        assert each.release is not None
        commit = each.release.commit
        assert each.fields["job_variables"]["env"]["COMMIT_HASH"] == commit
        assert each.image is None or each.image.endswith(commit)
        if each.identity and each.identity.name == "orders":
            assert each.fields["job_variables"]["memory"] == commits[commit]
