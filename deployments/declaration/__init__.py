"""prefect.yaml and environments.yaml: what is to be deployed, and where."""

from deployments.declaration.declared import (
    Configuration,
    Declaration,
    EnvironmentLayer,
    PoolType,
    Schedule,
)

__all__ = ["Configuration", "Declaration", "EnvironmentLayer", "PoolType", "Schedule"]
