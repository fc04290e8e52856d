"""Live deployments of this repository, for the acme-portal extension and others that know its SDK.

Found by their file's name: https://blackwhitehere.github.io/acme-portal-sdk/
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from acme_portal_sdk.deployment_finder import DeploymentDetails, DeploymentFinder
from acme_portal_sdk.flow_finder import FlowDetails

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


class LiveDeployments(DeploymentFinder):
    """Every deployment that this repository made, in all environments."""

    def get_deployments(
        self,
        *,
        deployments_to_fetch: Sequence[DeploymentDetails] | None = None,
        flows_to_fetch: Sequence[FlowDetails] | None = None,
    ) -> list[DeploymentDetails]:
        """Return all deployments, or those that were asked for.

        Args:
            deployments_to_fetch: deployments, known by their id.
            flows_to_fetch: flows whose deployments are wanted.
        """
        from deployments.portal import list_deployments

        live = [DeploymentDetails(**fields) for fields in list_deployments(ROOT)]
        if deployments_to_fetch is None and flows_to_fetch is None:
            return live
        ids = {deployment.id for deployment in deployments_to_fetch or ()}
        flows = {flow.name for flow in flows_to_fetch or ()}
        return [each for each in live if each.id in ids or each.flow_name in flows]


deployment_finder = LiveDeployments()
