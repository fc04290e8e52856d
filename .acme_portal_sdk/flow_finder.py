"""Flows of this repository, for the acme-portal extension and others that know its SDK.

Found by their file's name: https://blackwhitehere.github.io/acme-portal-sdk/
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from acme_portal_sdk.flow_finder import FlowDetails, FlowFinder

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


class RepositoryFlows(FlowFinder):
    """Every flow of `python -m deployments list`."""

    def find_flows(
        self,
        *,
        flows_to_fetch: Sequence[FlowDetails] | None = None,
        flow_groups: Sequence[str] | None = None,
    ) -> list[FlowDetails]:
        """Return all flows, or those that were asked for.

        Args:
            flows_to_fetch: flows, known by their id.
            flow_groups: folders below flows/.
        """
        from deployments.portal import list_flows

        flows = [FlowDetails(**fields) for fields in list_flows(ROOT)]
        if flows_to_fetch is None and flow_groups is None:
            return flows
        ids = {flow.id for flow in flows_to_fetch or ()}
        groups = set(flow_groups or ())
        return [flow for flow in flows if flow.id in ids or groups.intersection(flow.grouping)]


flow_finder = RepositoryFlows()
