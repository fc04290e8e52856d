"""What Prefect's server holds."""

from deployments.live.deployment import LiveDeployment, LiveSchedule

__all__ = ["LiveDeployment", "LiveSchedule"]
