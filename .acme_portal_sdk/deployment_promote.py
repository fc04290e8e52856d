"""Promote a flow, for the acme-portal extension and others that know its SDK.

Found by their file's name: https://blackwhitehere.github.io/acme-portal-sdk/
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acme_portal_sdk.deployment_promote import PromoteWorkflow

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


class Promote(PromoteWorkflow):
    """`python -m deployments promote` for some flows."""

    def run(
        self,
        flows_to_deploy: Sequence[str],
        source_env: str,
        target_env: str,
        ref: str,
        **context: Any,
    ) -> str:
        """Promote flows; return the address of the first deployment's page.

        Args:
            flows_to_deploy: names as the flow finder tells them.
            source_env: environment where they were tested.
            target_env: environment that they go to.
            ref: branch, which has to be checked out.
            context: what else a caller knows; not needed.
        """
        from deployments.portal import promote

        return promote(ROOT, flows_to_deploy, ref, source_env, target_env)


deployment_promote = Promote()
