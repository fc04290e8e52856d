"""A scope without Prefect and AWS."""

from typing import Any

from blocks.objects import Hidden
from blocks.scope import Scope
from deployments.declaration.platforms import Notifications, Platform
from deployments.declaration.surroundings import Pool
from tests.prefect.blocks.declared import IMAGES, OUTPUTS, REGION


def made_scope(**changes: Any) -> Scope:
    """Return the scope of shop/production; fields of its platform may be others."""
    platform = Platform(
        **{
            "project": "shop",
            "environment": "production",
            "branch": "main",
            "pools": {"ecs": Pool("ecs", "shop-ecs", None)},
            "resources": {},
            "variables": {},
            "image_repository": IMAGES,
            "region": REGION,
            "parameters": {},
            "worker": True,
            "secrets": ("PREFECT_API_KEY", "REDSHIFT_PASSWORD"),
            "queues": {},
            "prefect_variables": {},
            "concurrency_limits": {},
            "notifications": Notifications("webhook", "ALARMS"),
            "automations": True,
            "late_after_minutes": 15,
            "stuck_after_hours": 6,
            **changes,
        }
    )
    return Scope(platform, OUTPUTS, 2.0, Hidden("https://example.org"), ())
