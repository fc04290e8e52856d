"""An environment as environments.yaml would declare it, and AWS as a laptop has it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from deployments.declaration.platforms import Notifications, Platform
from deployments.declaration.surroundings import Pool

REGION = "us-east-1"
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prefect-flows"


def made_platform(
    *,
    project: str | None = None,
    environment: str = "staging",
    parameters: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = ("PREFECT_API_KEY", "REDSHIFT_PASSWORD"),
) -> Platform:
    """Return an environment; its project is a new one unless it is named."""
    return Platform(
        project=project or f"project-{uuid4().hex[:8]}",
        environment=environment,
        branch=environment,
        pools={"ecs": Pool("ecs", f"ecs-{environment}", None)},
        resources={},
        variables={},
        image_repository=REPOSITORY,
        region=REGION,
        parameters=parameters or {},
        worker=True,
        secrets=secrets,
        queues={},
        prefect_variables={},
        concurrency_limits={},
        notifications=Notifications("slack", "SLACK_WEBHOOK_URL"),
        automations=True,
        late_after_minutes=15,
        stuck_after_hours=6,
    )


def without_aws(platform: Platform) -> Platform:
    """Return the same environment without a region."""
    return replace(platform, region=None)
