"""Deliver rows to another system, each at most once, whatever dies on the way.

A table in the warehouse knows every item of a channel: it is claimed before it is sent, and done,
refused or unknown afterwards. Runs that work at the same time take turns for it, and a claim is a
lease: what a killed run had claimed is looked up in the other system before it is sent again.
"""

from utilities.deliveries.channel import Channel, Wanted
from utilities.deliveries.deliver import deliver, preview
from utilities.deliveries.lease import require_lease
from utilities.deliveries.options import DeliveryOptions
from utilities.deliveries.outcomes import Delivered, Preview
from utilities.deliveries.target import Row, Target

__all__ = [
    "Channel",
    "Delivered",
    "DeliveryOptions",
    "Preview",
    "Row",
    "Target",
    "Wanted",
    "deliver",
    "preview",
    "require_lease",
]
