"""Which deployments a branch changes, and why, from git alone: for a pull request.

Compares the working tree with the commit that it has grown from. What is live is `plan`'s subject.
"""

from deployments.changed.changes import (
    Changes,
    CodeReason,
    ConfigurationReason,
    DeploymentChange,
)
from deployments.changed.finding import changed

__all__ = ["Changes", "CodeReason", "ConfigurationReason", "DeploymentChange", "changed"]
