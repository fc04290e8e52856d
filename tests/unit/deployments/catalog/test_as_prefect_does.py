"""What the text of a module tells is what Prefect tells of its flows once they are imported."""

import runpy
from pathlib import Path, PurePosixPath
from typing import Any

from prefect import Flow

from deployments.catalog import CatalogFlow
from deployments.catalog.finding import find_flows
from tests.made_imports import write

MODULE = '''
"""Flows in several spellings."""

import prefect as p
from prefect import flow as make
from prefect.flows import flow

NAME = "a constant"


@flow
def bare_function(day: str, limit: int = 3) -> None:
    """First line.

        Indented.
    Last line.
    """


@p.flow(name="under_scores", description="Described.")
async def _private() -> None:
    """Not shown."""


@make(name=NAME)
def named(*, only: bool = True, **more: object) -> None: ...


def plain(day: str) -> None:
    """Plain."""


converted = flow(plain)
renamed = converted.with_options(name="renamed", description="Again.")
'''


def _told(flow: Flow[..., Any]) -> tuple[str, str, list[str]]:
    return flow.name, flow.description or "", list(flow.parameters.properties)


def _read(flow: CatalogFlow) -> tuple[str, str, list[str]]:
    names = [parameter.name for parameter in flow.parameters]
    return flow.name, flow.description, names + ["more"] * flow.takes_any_parameter


def test_name_description_and_parameters_are_prefects(tmp_path: Path) -> None:
    """Prefect itself is the judge."""
    write(tmp_path, {PurePosixPath("flows/module.py"): MODULE})
    imported = runpy.run_path(str(tmp_path / "flows/module.py"))
    told = {name: _told(value) for name, value in imported.items() if isinstance(value, Flow)}
    assert {each.function: _read(each) for each in find_flows(tmp_path).flows} == told
