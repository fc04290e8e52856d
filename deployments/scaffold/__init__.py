"""A new flow, with everything that belongs to it."""

from deployments.scaffold.naming import flow_name
from deployments.scaffold.writing import Scaffold, scaffold

__all__ = ["Scaffold", "flow_name", "scaffold"]
