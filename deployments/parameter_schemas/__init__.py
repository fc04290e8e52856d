"""The schema of a flow's parameters, as Prefect reads it from the code."""

from deployments.parameter_schemas.schema import FlowSchema, SchemaFailure

__all__ = ["FlowSchema", "SchemaFailure"]
