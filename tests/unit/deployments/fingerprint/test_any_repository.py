"""Of any repository and any edit: the flows that reach the edited file change, and no others."""

from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from deployments.catalog import CatalogFlow
from deployments.fingerprint.reading import dependencies
from tests.made_imports import PLACES, SLOW, Graph, graphs, write

PACKAGES = ("flows", "shelf")

EDITS = ("# edited\n", *(f"import {place}\n" for place in PLACES))
"""What is added to a file: nothing that runs, or one more import."""


def _flow(graph: Graph, module: str) -> CatalogFlow:
    return CatalogFlow(module, "run", module, graph.file(module), 1, "", ())


def _fingerprints(root: Path, graph: Graph) -> dict[str, str]:
    flows = [_flow(graph, module) for module in graph.flows]
    found = dependencies(root, PACKAGES, flows)
    return {flow.module: found[flow.entrypoint].fingerprint for flow in flows}


@settings(SLOW, max_examples=80)
@given(graphs(), st.data())
def test_an_edit_changes_the_flows_that_reach_it_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, graph: Graph, data: st.DataObject
) -> None:
    """Whatever imports whatever, in whichever way it is written."""
    files = dict(graph.files())
    imported = {graph.file(edge.imported) for edge in graph.edges} & files.keys()
    edited = data.draw(st.sampled_from(sorted(imported or files)) | st.sampled_from(sorted(files)))
    added = data.draw(st.sampled_from(EDITS))
    expected = {flow for flow, reached in graph.reaches().items() if edited in reached}
    event(f"{'all' if len(expected) == len(graph.flows) else len(expected)} flows")
    root = Path(mkdtemp(dir=tmp_path_factory.getbasetemp()))
    write(root, files)
    before = _fingerprints(root, graph)
    write(root, {edited: files[edited] + added})
    after = _fingerprints(root, graph)
    assert {flow for flow in before if before[flow] != after[flow]} == expected


@settings(SLOW, max_examples=25)
@given(graphs())
def test_every_file_is_told_with_what_it_was_reached_by(
    tmp_path_factory: pytest.TempPathFactory, graph: Graph
) -> None:
    """The files are those of the graph, and the chain of reasons ends at the flow's own module."""
    root = Path(mkdtemp(dir=tmp_path_factory.getbasetemp()))
    write(root, dict(graph.files()))
    flows = [_flow(graph, module) for module in graph.flows]
    found = dependencies(root, PACKAGES, flows)
    by_module = {".".join(graph.file(place).with_suffix("").parts): place for place in PLACES}
    for flow in flows:
        depends = found[flow.entrypoint]
        assert set(depends.files) == graph.reaches()[flow.module]
        for file in depends.files:
            module = by_module.get(".".join(file.with_suffix("").parts))
            seen: set[PurePosixPath | str | None] = set()
            reached = depends.because.get(file, module)
            while reached != flow.module and reached not in graph.namespaces:
                assert reached is not None and reached not in seen
                seen.add(reached)
                reached = depends.because[graph.file(reached)]
