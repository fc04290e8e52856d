"""What editors and portals ask of deployments, in the words of acme-portal-sdk, without needing it.

`.acme_portal_sdk/` gives these values to the SDK's own classes; that folder alone imports it.
https://github.com/blackwhitehere/acme-portal-sdk
"""

from deployments.portal.changing import deploy, promote
from deployments.portal.listing import list_deployments, list_flows

__all__ = ["deploy", "list_deployments", "list_flows", "promote"]
