"""One flow that cannot be deployed fails alone, and is deployed when it is mended."""

import json

from tests.prefect.deployments.apply.workspace import Workspace


def command(workspace: Workspace, *arguments: str) -> tuple[int, str]:
    """Run a command as a person does; return its status and what it prints."""
    ended = workspace.made.run(
        *arguments, "--environment", "production", PREFECT_API_URL=workspace.direct.address.url
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_it_fails_alone_and_is_finished_by_the_next_apply(workspace: Workspace) -> None:
    """A module that fails at import, one that is not Python and a value of a type that only the
    imported flow knows: each is told with its reason and place, the rest is deployed, the status
    is 1; once they are mended, only they are written."""
    made = workspace.made
    made.write("shelf/rounding.py", "from decimal import Decimal as Number\nDIGITS = 2\n")
    made.edit("flows/reports.py", "def reports()", "def reports(share: Number)")
    made.edit("flows/reports.py", "@flow", "from shelf.rounding import Number\n\n\n@flow")
    made.edit(
        "prefect.yaml", "  - name: reports\n", "  - name: reports\n    parameters: {share: [1]}\n"
    )
    made.edit("shelf/names.py", "GREETING = 'Hello'", "GREETING = = 'Hello'")
    made.write("flows/late.py", LATE)
    made.edit("prefect.yaml", "  - name: orders\n", f"{DEPLOYMENT}  - name: orders\n")
    made.commit()

    status, output = command(workspace, "apply", "--json")
    told = {each["name"]: each for each in json.loads(output)["deployments"]}
    assert status == 1
    assert {name: each["kind"] for name, each in told.items()} == {
        "late": "failed",
        "orders": "created",
        "people-of-today": "failed",
        "reports": "failed",
    }
    assert told["late"]["failure"] == (
        "flows/late.py:late: ModuleNotFoundError: No module named 'nothing_of_this_name'"
    )
    assert told["late"]["place"] == "flows/late.py:1"
    assert told["people-of-today"]["place"] == "shelf/names.py:1"
    line = (made.root / "prefect.yaml").read_text().splitlines().index("  - name: reports") + 1
    assert told["reports"]["failure"].startswith(
        f"prefect.yaml:{line}: reports: parameters: share: [1] is not "
    )
    name = f"{made.project}--main--orders--production"
    assert set(workspace.read()) == {name}

    made.write("flows/late.py", LATE.replace("nothing_of_this_name", "json"))
    made.edit("shelf/names.py", "= =", "=")
    made.edit("prefect.yaml", "share: [1]", "share: 1.5")
    made.commit()
    before = workspace.read()
    outcome = workspace.apply()
    assert workspace.kinds(outcome) == {
        "late": "created",
        "orders": "unchanged",
        "people-of-today": "created",
        "reports": "created",
    }
    assert workspace.read()[name] == before[name]


LATE = """import nothing_of_this_name
from prefect import flow


@flow(name="late")
def late() -> None:
    pass
"""

DEPLOYMENT = """  - name: late
    entrypoint: flows/late.py:late
    work_pool: {name: process}
"""
