"""What environments stand on is read without a look at the flows."""

from pathlib import Path

import pytest

from deployments.declaration.declared import PoolType
from deployments.declaration.platforms import Notifications, read_platform, read_platforms
from deployments.declaration.surroundings import Pool
from tests.unit.deployments.declaration.made_files import ENVIRONMENTS, ORDERS, deployments
from utilities.errors import DeclarationInvalid, ParameterInvalid

REPOSITORY = Path(__file__).parents[4]

FULL = f"""\
{ENVIRONMENTS}\
    branch: main
    resources: {{ecs: {{cpu: 512, memory: 1024}}}}
    variables: {{REDSHIFT_HOST: warehouse.example.org}}
    secrets: [REDSHIFT_PASSWORD]
    infrastructure:
      region: eu-west-1
      parameters: {{NatGateways: one, LogRetentionDays: 30}}
      worker: false
    prefect:
      queues: {{ecs: {{urgent: {{priority: 1, concurrency_limit: 2}}}}}}
      variables: {{region: {{code: EU}}}}
      concurrency_limits: {{warehouse: 4}}
      notifications: {{type: webhook, address_from: ALERTS_URL}}
      automations: false
      late_after_minutes: 30
      stuck_after_hours: 2
"""


def write(root: Path, environments: str) -> Path:
    """Write both files; no flow of prefect.yaml is there."""
    (root / "prefect.yaml").write_text(deployments(ORDERS), encoding="utf-8")
    (root / "environments.yaml").write_text(environments, encoding="utf-8")
    return root


def test_every_key_is_read(tmp_path: Path) -> None:
    """A full section gives a full platform; numbers of templates become texts, as AWS wants them."""
    found = read_platform(write(tmp_path, FULL), "production")
    ecs: PoolType = "ecs"
    assert (found.project, found.environment, found.branch) == ("shop", "production", "main")
    assert found.pools == {"ecs": Pool(ecs, "ecs-production", None)}
    assert found.resources == {"ecs": {"cpu": 512, "memory": 1024}}
    assert found.variables == {"REDSHIFT_HOST": "warehouse.example.org"}
    assert found.image_repository == "registry.example.org/shop"
    assert found.region == "eu-west-1"
    assert found.parameters == {"NatGateways": "one", "LogRetentionDays": "30"}
    assert (found.worker, found.served_pools) == (False, frozenset())
    assert found.secrets == ("REDSHIFT_PASSWORD",)
    assert found.queues == {"ecs": {"urgent": {"priority": 1, "concurrency_limit": 2}}}
    assert found.prefect_variables == {"region": {"code": "EU"}}
    assert found.concurrency_limits == {"warehouse": 4}
    assert found.notifications == Notifications("webhook", "ALERTS_URL")
    assert (found.automations, found.late_after_minutes, found.stuck_after_hours) == (False, 30, 2)


def test_an_environment_needs_nothing_of_it(tmp_path: Path) -> None:
    """Without the sections nothing is made on AWS, and Prefect holds the usual."""
    found = read_platform(write(tmp_path, ENVIRONMENTS), "production")
    assert (found.region, found.parameters, found.secrets) == (None, {}, ())
    assert (found.worker, found.served_pools) == (True, frozenset({"ecs-production"}))
    assert (found.queues, found.prefect_variables, found.concurrency_limits) == ({}, {}, {})
    assert (found.notifications, found.automations) == (None, True)
    assert (found.late_after_minutes, found.stuck_after_hours) == (15, 6)


def test_an_environment_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    """A slip of the finger gets the right name."""
    with pytest.raises(ParameterInvalid) as caught:
        read_platform(write(tmp_path, ENVIRONMENTS), "prodution")
    assert str(caught.value) == (
        "--environment prodution: environments.yaml has no such environment. Did you mean "
        '"production"?'
    )


def test_mistakes_are_told_as_those_of_deployments(tmp_path: Path) -> None:
    """With line and place, all at once."""
    text = ENVIRONMENTS + "    secrets: [A-B]\n    infrastructure: {regon: x}\n"
    with pytest.raises(DeclarationInvalid) as caught:
        read_platforms(write(tmp_path, text))
    assert "environments.yaml:7: environments.production.secrets.1" in str(caught.value)
    assert "environments.yaml:8: environments.production.infrastructure.regon" in str(caught.value)


def test_the_environments_of_this_repository_stand_on_the_same_templates() -> None:
    """Those in a region give every run its credentials by reference."""
    platforms = read_platforms(REPOSITORY)
    at_aws = [name for name, found in platforms.items() if found.region is not None]
    assert at_aws == ["production", "staging", "sandbox", "labs"]
    for name, found in platforms.items():
        assert ("REDSHIFT_PASSWORD" in found.secrets) == (name in at_aws)
