"""Of any repository and any edit, `changed` tells the deployments that reach the edited file."""

from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.changed import changed
from tests.made_imports import SLOW, Graph, graphs, write
from tests.made_repository import MadeRepository

ENVIRONMENTS = """
packages: [flows, shelf]
environments:
  local:
    pools: {process: pool}
    working_directory: .
"""
FLOW = """
from prefect import flow

@flow(name="{name}")
def run() -> None: ...
"""


def _name(module: str) -> str:
    return module.replace(".", "-")


def _prefect_yaml(graph: Graph) -> str:
    deployments = "".join(
        f"  - name: {_name(module)}\n"
        f"    entrypoint: {graph.file(module)}:run\n"
        "    work_pool: {name: process}\n"
        for module in graph.flows
    )
    return f"name: shop\npull: []\ndeployments:\n{deployments}"


@settings(SLOW, max_examples=20)
@given(graphs(), st.data(), st.sampled_from(["edited", "committed", "deleted"]))
def test_those_that_reach_the_edit_are_told_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, graph: Graph, data: st.DataObject, how: str
) -> None:
    """With git itself between, committed or not; a data file that is deleted counts too."""
    files = dict(graph.files())
    for module in graph.flows:
        files[graph.file(module)] += FLOW.format(name=_name(module))
    deletable = [file for file in files if file.suffix == ".sql"]
    if how == "deleted" and not deletable:
        how = "edited"
    edited = data.draw(st.sampled_from(sorted(deletable if how == "deleted" else files)))
    made = MadeRepository(Path(mkdtemp(dir=tmp_path_factory.getbasetemp())), "shop")
    declared = {"prefect.yaml": _prefect_yaml(graph), "environments.yaml": ENVIRONMENTS}
    write(made.root, files | {PurePosixPath(path): text for path, text in declared.items()})
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit()
    made.git("switch", "--quiet", "--create", "feature")
    if how == "deleted":
        (made.root / edited).unlink()
    else:
        write(made.root, {edited: files[edited] + "\n# edited\n"})
    if how == "committed":
        made.commit()
    told = changed(made.root, "main")
    reaches = graph.reaches().items()
    assert {each.name for each in told.deployments} == {
        _name(flow) for flow, reached in reaches if edited in reached
    }
    for each in told.deployments:
        assert [reason.file for reason in each.code] == [edited]
