"""What this repository declares of itself."""

import subprocess
import sys
from pathlib import Path

from deployments.catalog.finding import find_flows
from deployments.declaration.reading import read_declaration

REPOSITORY = Path(__file__).parents[4]


def test_every_flow_is_deployed_everywhere() -> None:
    """A deployment for each flow in every environment, schedules in production alone."""
    catalog = find_flows(REPOSITORY)
    declared = read_declaration(REPOSITORY, catalog)
    names = ["production", "staging", "sandbox", "labs", "local", "compose"]
    assert list(declared.environments) == names
    flows = {flow.entrypoint for flow in catalog.flows}
    for environment in declared.environments.values():
        assert {one.entrypoint for one in environment.configurations} == flows
        scheduled = {one.name for one in environment.configurations if one.schedules}
        assert bool(scheduled) == (environment.name == "production")


def test_a_laptop_runs_the_checkout() -> None:
    """Locally a run is a process in this folder, and needs no image."""
    declared = read_declaration(REPOSITORY, find_flows(REPOSITORY))
    for one in declared.environments["local"].configurations:
        assert (one.pool, one.pool_type, one.image_repository) == ("local", "process", None)
        [(_, inputs)] = one.pull_steps[0].items()
        assert inputs == {"directory": str(REPOSITORY.resolve())}


def test_reading_imports_nothing_that_takes_long() -> None:
    """Not Prefect, not pydantic; and what judges schedules only when there are some."""
    program = (
        "import sys, deployments.declaration.reading\n"
        "slow = {'prefect', 'pydantic', 'prefect_croniter', 'dateutil', 'zoneinfo', 'difflib'}\n"
        "print(sorted(slow & sys.modules.keys()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
