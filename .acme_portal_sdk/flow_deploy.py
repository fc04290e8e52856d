"""Deploy a flow, for the acme-portal extension and others that know its SDK.

Found by their file's name: https://blackwhitehere.github.io/acme-portal-sdk/
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acme_portal_sdk.flow_deploy import DeployWorkflow

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FIRST_ENVIRONMENT = "sandbox"
"""Where a flow is deployed to unless another is named: the extension names none."""


class Apply(DeployWorkflow):
    """`python -m deployments apply` for some flows."""

    def run(
        self,
        flows_to_deploy: Sequence[str],
        ref: str,
        env: str = FIRST_ENVIRONMENT,
        **context: Any,
    ) -> str:
        """Deploy flows; return the address of the first deployment's page.

        Args:
            flows_to_deploy: names as the flow finder tells them.
            ref: branch, which has to be checked out.
            env: environment of environments.yaml.
            context: what else a caller knows; not needed.
        """
        from deployments.portal import deploy

        return deploy(ROOT, flows_to_deploy, ref, env)


flow_deploy = Apply()
