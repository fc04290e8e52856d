"""A flow is found however it is written, and nothing else is taken for one."""

from pathlib import Path, PurePosixPath

import pytest

from deployments.catalog import CatalogFlow
from deployments.catalog.finding import find_flows
from tests.made_imports import write


def find(root: Path, code: str) -> tuple[CatalogFlow, ...]:
    """Return the flows of a module."""
    write(root, {PurePosixPath("flows/orders.py"): code})
    catalog = find_flows(root)
    assert catalog.unreadable == ()
    return catalog.flows


@pytest.mark.parametrize(
    "code",
    [
        "from prefect import flow\n@flow\ndef load_orders(): ...",
        "from prefect import flow\n@flow()\ndef load_orders(): ...",
        "from prefect import flow\n@flow(retries=2)\nasync def load_orders(): ...",
        "from prefect import flow as f\n@f\ndef load_orders(): ...",
        "from prefect import *\n@flow\ndef load_orders(): ...",
        "from prefect.flows import flow\n@flow\ndef load_orders(): ...",
        "from prefect import flows\n@flows.flow\ndef load_orders(): ...",
        "import prefect\n@prefect.flow\ndef load_orders(): ...",
        "import prefect\n@prefect.flow(log_prints=True)\ndef load_orders(): ...",
        "import prefect as p\n@p.flow\ndef load_orders(): ...",
        "import prefect.flows\n@prefect.flows.flow\ndef load_orders(): ...",
        "import prefect.flows as pf\n@pf.flow()\ndef load_orders(): ...",
        "import prefect\njob = prefect.flow\n@job(retries=1)\ndef load_orders(): ...",
        "from prefect import flow\n@print\n@flow\n@staticmethod\ndef load_orders(): ...",
        "try:\n    from prefect import flow\nexcept ImportError:\n    raise\n"
        "@flow\ndef load_orders(): ...",
        "from prefect import flow\nif True:\n    @flow\n    def load_orders(): ...",
        "from prefect import flow\ndef load_orders(): ...\nload_orders = flow(load_orders)",
        "from prefect import flow\ndef load_orders(): ...\n"
        "load_orders = flow(retries=1)(load_orders)",
        "from prefect import flow\nfrom shelf import load_orders as work\nload_orders = flow(work)",
    ],
)
def test_every_spelling_is_found(tmp_path: Path, code: str) -> None:
    """With Prefect's default name: the function's, with hyphens."""
    [found] = find(tmp_path, code + "\n")
    assert (found.name, found.function) == ("load-orders", "load_orders")
    assert found.entrypoint == "flows/orders.py:load_orders"


@pytest.mark.parametrize(
    "code",
    [
        "from metaflow import flow  # prefect\n@flow\ndef load_orders(): ...",
        "from prefect import task as flow_task\n@flow_task\ndef load_orders(): ...",
        "import prefect\nclass Orders:\n    @prefect.flow\n    def load_orders(self): ...",
        "import prefect\ndef make():\n    @prefect.flow\n    def load_orders(): ...",
        "import prefect\nif __name__ == '__main__':\n    @prefect.flow\n    def load_orders(): ...",
        "import prefect\ndef load_orders(): ...\nprint(prefect.flow(load_orders))",
        "'''from prefect import flow\n@flow\ndef load_orders(): ...'''",
        "import prefect\nflow = prefect.flow",
    ],
)
def test_nothing_else_is_a_flow(tmp_path: Path, code: str) -> None:
    """Methods, inner functions and other people's decorators are no entrypoints."""
    assert find(tmp_path, code + "\n") == ()


@pytest.mark.parametrize(
    ("decorator", "name"),
    [
        ("@flow(name='Orders of today')", "Orders of today"),
        ("@flow(name='orders_of_today')", "orders_of_today"),
        ("@flow(name=NAME)", "constant_name"),
        ("@flow(name=TYPED)", "typed name"),
        ("@flow(**OPTIONS, name='given')", "given"),
    ],
)
def test_a_name_is_kept_as_it_is_given(tmp_path: Path, decorator: str, name: str) -> None:
    """Underscores included; a constant of the module is as good as a text."""
    constants = "NAME = 'constant_name'\nTYPED: str = 'typed name'\nOPTIONS = {'retries': 1}\n"
    [found] = find(
        tmp_path, f"from prefect import flow\n{constants}{decorator}\ndef load_orders(): ...\n"
    )
    assert (found.name, found.function) == (name, "load_orders")


def test_one_function_can_be_several_flows(tmp_path: Path) -> None:
    """Each has the name that the module has for it as its entrypoint, and keeps what is not said."""
    code = """
from prefect import flow

def load(day: str) -> None:
    '''Load a day.'''

daily = flow(load, name="daily")
weekly = flow(name="weekly", description="Load a week.")(load)
hourly = daily.with_options(name="hourly")
patient = daily.with_options(retries=3)
"""
    found = {each.function: each for each in find(tmp_path, code)}
    assert {function: each.name for function, each in found.items()} == {
        "daily": "daily",
        "weekly": "weekly",
        "hourly": "hourly",
        "patient": "daily",
    }
    assert {each.description for each in found.values()} == {"Load a day.", "Load a week."}
    assert {each.parameters[0].name for each in found.values()} == {"day"}


def test_the_last_definition_of_a_name_counts(tmp_path: Path) -> None:
    """As it does for Python."""
    code = (
        "from prefect import flow\n@flow(name='a')\ndef x(): ...\n@flow(name='b')\ndef x(): ...\n"
    )
    assert [each.name for each in find(tmp_path, code)] == ["b"]
