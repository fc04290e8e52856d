"""A declaration that is right, to be broken in one place by each test."""

from pathlib import Path, PurePosixPath
from textwrap import dedent, indent

import pytest

from deployments.catalog import Catalog, CatalogFlow, Parameter, Unreadable
from deployments.declaration import Declaration
from deployments.declaration.reading import read_declaration
from utilities.errors import DeclarationInvalid


def flow(name: str, *parameters: Parameter, takes_any_parameter: bool = False) -> CatalogFlow:
    """Return a flow in line 7 of a file of its own."""
    return CatalogFlow(
        name=name,
        function=name,
        module=f"flows.{name}",
        file=PurePosixPath(f"flows/{name}.py"),
        line=7,
        description="",
        parameters=parameters,
        takes_any_parameter=takes_any_parameter,
    )


CATALOG = Catalog(
    flows=(
        flow(
            "orders",
            Parameter("day", "str", '"today"'),
            Parameter("limit", "int | None", "None"),
            Parameter("mode", 'Literal["append", "upsert"]', '"append"'),
        ),
        flow("copy_table", Parameter("table", "str", None), Parameter("limit", "int", "10")),
        flow("anything", takes_any_parameter=True),
    ),
    unreadable=(
        Unreadable(PurePosixPath("flows/torn.py"), 3, "invalid syntax", "flows.torn"),
        Unreadable(
            PurePosixPath("flows/unnamed.py"), 3, "the name of flow unnamed is not written out"
        ),
    ),
)

HEAD = """\
name: shop
pull:
  - prefect.deployments.steps.set_working_directory:
      directory: /opt/shop
"""

ORDERS = """\
name: orders
entrypoint: flows/orders.py:orders
work_pool: {name: ecs}
"""

ENVIRONMENTS = """\
packages: [flows]
environments:
  production:
    schedules: true
    image_repository: registry.example.org/shop
    pools: {ecs: ecs-production}
"""


def deployments(*texts: str, head: str = HEAD) -> str:
    """Return prefect.yaml with these deployments; the first begins in line 6."""
    items = [indent(dedent(text), "    ")[4:] for text in texts]
    return f"{head}deployments:\n" + "".join(f"  - {item}" for item in items)


def read(
    root: Path, prefect: str = "", environments: str = ENVIRONMENTS, catalog: Catalog = CATALOG
) -> Declaration:
    """Read these files; the deployment `orders` alone without a prefect.yaml."""
    (root / "flows").mkdir(exist_ok=True)
    for one in catalog.flows:
        (root / one.file).touch()
    (root / "prefect.yaml").write_text(prefect or deployments(ORDERS), encoding="utf-8")
    (root / "environments.yaml").write_text(environments, encoding="utf-8")
    return read_declaration(root, catalog)


def problems(root: Path, prefect: str = "", environments: str = ENVIRONMENTS) -> list[str]:
    """Return the lines that the error has for each problem of these files."""
    with pytest.raises(DeclarationInvalid) as caught:
        read(root, prefect, environments)
    return str(caught.value).splitlines()[1:]
