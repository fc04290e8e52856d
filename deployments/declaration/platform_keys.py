"""What an environment may say of the things that its deployments stand on."""

from deployments.declaration.kinds import Anything, Boolean, Choice, Text, Whole
from deployments.declaration.shapes import AnyOf, Key, ListOf, MapOf, Shape

NOTIFIERS = ("slack", "webhook")

INFRASTRUCTURE = Shape(
    keys={
        "region": Key(Text(), "AWS region of all stacks, such as us-east-1.", required=True),
        "parameters": Key(
            MapOf(
                AnyOf((Text(may_be_blank=True), Whole(0))),
                "a mapping such as {NatGateways: one-per-zone}",
            ),
            "values for the parameters of the templates in infrastructure/, by name.",
            may_be_empty=True,
        ),
        "worker": Key(
            Boolean(), "whether a worker serves the pool of type ecs from there; true without it."
        ),
    }
)

SECRETS = ListOf(Text("a name such as REDSHIFT_PASSWORD"))

QUEUE = Shape(
    keys={
        "priority": Key(Whole(1), "1 goes first.", may_be_empty=True),
        "concurrency_limit": Key(Whole(1), "runs at once.", may_be_empty=True),
    }
)

NOTIFICATIONS = Shape(
    keys={
        "type": Key(Choice(NOTIFIERS), "slack, or any webhook that takes JSON.", required=True),
        "address_from": Key(
            Text(), "name of the secret that holds the address of the webhook.", required=True
        ),
    }
)

PREFECT = Shape(
    keys={
        "queues": Key(
            MapOf(
                MapOf(QUEUE, "a mapping such as {urgent: {priority: 1}}"),
                "a mapping such as {ecs: {urgent: {priority: 1}}}",
            ),
            "work queues of each pool, beside the default one.",
            may_be_empty=True,
        ),
        "variables": Key(
            MapOf(Anything(), "a mapping of names to values"),
            "Prefect variables.",
            may_be_empty=True,
        ),
        "concurrency_limits": Key(
            MapOf(Whole(1), "a mapping such as {warehouse: 4}"),
            "global concurrency limits: how many at once.",
            may_be_empty=True,
        ),
        "notifications": Key(
            NOTIFICATIONS, "where automations send their messages.", may_be_empty=True
        ),
        "automations": Key(Boolean(), "whether there are automations here; true without it."),
        "late_after_minutes": Key(Whole(1), "a run is late; 15 without it.", may_be_empty=True),
        "stuck_after_hours": Key(Whole(1), "a run hangs; 6 without it.", may_be_empty=True),
    }
)
