"""The schema of a flow's parameters is the one that `prefect deploy` puts on the server."""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from deployments.live.address import Address
from deployments.live.api import PrefectApi
from deployments.parameter_schemas import FlowSchema
from deployments.parameter_schemas.reading import read_schemas
from infrastructure.local.stack import Stack

FLOWS = {
    "flows/odd.py": '''
        """Parameters of every kind."""

        from dataclasses import dataclass
        from datetime import date, datetime, timedelta, timezone
        from decimal import Decimal
        from enum import Enum
        from pathlib import Path
        from typing import Annotated, Any, Literal, Optional
        from uuid import UUID

        from prefect import flow
        from pydantic import BaseModel, Field, SecretStr


        class Colour(Enum):
            RED = "red"


        class Node(BaseModel):
            """A tree."""

            value: Annotated[int, Field(gt=0)] = 1
            children: list["Node"] = []


        @dataclass
        class Point:
            x: float = 0.5


        class Foreign:
            pass


        @flow(name="odd_one")
        def odd(
            day,
            /,
            text: str,
            when: datetime = datetime(2020, 1, 1, 5, tzinfo=timezone.utc),
            on: date = date(2020, 1, 1),
            within: timedelta = timedelta(hours=1),
            amount: Decimal = Decimal("1.50"),
            some: set[int] = {3, 1},
            pair: tuple[str, ...] = ("a", "ä"),
            folder: Path = Path("/tmp"),
            secret: SecretStr = SecretStr("not shown"),
            id: UUID = UUID(int=7),
            colour: Colour = Colour.RED,
            kind: Literal["a", 1, None] = None,
            maybe: Optional[int] = None,
            tree: Node = Node(children=[Node(value=2)]),
            point: Point = Point(),
            foreign: Foreign = Foreign(),
            anything: Any = object(),
            raw: bytes = b"abc",
            schema: int = 1,
            *more: int,
            only: bool = True,
            **rest: str,
        ):
            """Odd.

            Args:
                text: what it is,
                    over two lines.
                only: whether.
            """
        ''',
    "flows/packed/__init__.py": '''
        """A package."""

        from __future__ import annotations

        from prefect import flow

        from shelf.kinds import Kind

        from . import rows


        @flow
        async def packed(kind: Kind = Kind(), rows: int = rows.DEFAULT) -> None:
            pass
        ''',
    "flows/packed/rows.py": "DEFAULT = 10\n",
    "flows/plain.py": """
        from prefect import flow


        @flow
        def plain():
            pass
        """,
    "shelf/kinds.py": """
        from pydantic import BaseModel


        class Kind(BaseModel):
            name: str = "x"
        """,
}
ENTRYPOINTS = ("flows/odd.py:odd", "flows/packed/__init__.py:packed", "flows/plain.py:plain")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with flows."""
    folder = tmp_path_factory.mktemp("a repository")
    for name, text in FLOWS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return folder


@pytest.fixture(scope="module")
def deployed(root: Path, prefect_stack: Stack) -> dict[str, tuple[str, Any]]:
    """Name of the flow and schema by entrypoint, as `prefect deploy` left them on the server."""
    project = f"schemas-{uuid.uuid4().hex[:8]}"
    with PrefectApi(Address(prefect_stack.variables["PREFECT_API_URL"])) as api:
        api.request("POST", "/work_pools/", {"name": project, "type": "process"})
        lines = ["pull: []", "deployments:"]
        for number, entrypoint in enumerate(ENTRYPOINTS):
            lines += [f"- name: {project}-{number}", f"  entrypoint: {entrypoint}"]
            lines += [f"  work_pool: {{name: {project}}}", "  enforce_parameter_schema: false"]
        (root / "prefect.yaml").write_text("\n".join(lines))
        subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
            cwd=root,
            env={**os.environ, **prefect_stack.variables, "PREFECT_HOME": str(root / "home")},
            capture_output=True,
            check=True,
        )
        wanted = {"name": {"like_": project}}
        found = api.request("POST", "/deployments/filter", {"deployments": wanted})
        return {
            each["entrypoint"]: (
                api.request("GET", f"/flows/{each['flow_id']}")["name"],
                each["parameter_openapi_schema"],
            )
            for each in found
        }


def test_flows_and_schemas_are_those_of_prefect_deploy(
    root: Path, deployed: dict[str, tuple[str, Any]]
) -> None:
    """Parameters of every kind, defaults that are no JSON included, of modules and packages."""
    found = read_schemas(root, ENTRYPOINTS)
    assert set(deployed) == set(ENTRYPOINTS)
    for entrypoint, (flow, schema) in deployed.items():
        assert found[entrypoint] == FlowSchema(flow, schema)
    odd = found["flows/odd.py:odd"]
    assert isinstance(odd, FlowSchema) and len(odd.parameters["properties"]) == 23
