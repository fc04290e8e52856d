"""prefect.yaml and environments.yaml: what is to be deployed, and where."""

from deployments.declaration.declared import (
    TYPES_WITH_IMAGE,
    Configuration,
    Declaration,
    Environment,
    EnvironmentLayer,
    PoolType,
    Schedule,
)

__all__ = [
    "TYPES_WITH_IMAGE",
    "Configuration",
    "Declaration",
    "Environment",
    "EnvironmentLayer",
    "PoolType",
    "Schedule",
]
