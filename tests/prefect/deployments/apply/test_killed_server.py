"""Prefect's server dies in the middle of an apply, and the next one finishes."""

from concurrent.futures import ThreadPoolExecutor

import psutil

from infrastructure.local.folder import Folder
from infrastructure.local.stack import Stack
from infrastructure.local.state import read_state
from tests.prefect.deployments.apply.many import COUNT, declare_many, until, written
from tests.prefect.deployments.apply.workspace import Workspace
from utilities.errors import PrefectUnavailable


def test_the_server_is_killed(workspace: Workspace, prefect_stack: Stack) -> None:
    """SIGKILL of Prefect's server in the middle of an apply: deployments that were not written
    are told, or written when it is back; the next apply finishes, and all are what they would
    have been."""
    declare_many(workspace)
    workspace.proxy.clear()
    with ThreadPoolExecutor(1) as beside:
        applying = beside.submit(workspace.apply)
        until(lambda: written(workspace, "POST") >= 3, "three deployments")
        now = read_state(Folder(prefect_stack.root))
        assert now is not None
        psutil.Process(now.parts["prefect"].pid).kill()
        try:
            outcome = applying.result()
            failures = [each.failure for each in outcome.results if each.kind == "failed"]
        except PrefectUnavailable as error:
            failures = [error]
    assert all(isinstance(failure, PrefectUnavailable) for failure in failures)
    until(lambda: is_answering(workspace), "the server started again")
    outcome = workspace.apply()
    assert outcome.is_as_wanted
    (version,) = {each.fields["version"][:3] for each in workspace.read().values()}
    assert version == "v1-" and len(workspace.read()) == COUNT
    assert not workspace.plan().of("create", "update", "drift", "orphaned")


def is_answering(workspace: Workspace) -> bool:
    """Prefect's server is there."""
    try:
        workspace.read()
    except PrefectUnavailable:
        return False
    return True
