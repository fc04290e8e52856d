"""What prefect.yaml may hold."""

from typing import Any

from deployments.declaration.job_variables import NOT_CHOSEN
from deployments.declaration.kinds import INVALID, Anything, Boolean, Choice, Text, Whole
from deployments.declaration.problems import Problems, Where
from deployments.declaration.shapes import AnyOf, Key, ListOf, MapOf, Shape
from deployments.declaration.timing_kinds import (
    CronText,
    Duration,
    PointInTime,
    RecurrenceRule,
    Seconds,
    TimeZone,
)
from deployments.declaration.variables import Variables
from deployments.identity import Release

FILE = "prefect.yaml"
IMAGES = "images are built by `python -m deployments images`, one for each commit. Remove it."
OUR_TAGS = tuple(tag.partition("=")[0] for tag in Release("", "", "").tags(""))
PARAMETERS = MapOf(Anything(), "a mapping of parameters to values")
STEP = MapOf(Anything(), "a step: its name and a mapping of its inputs")
PULL = AnyOf((ListOf(STEP), STEP))


class Tag(Text):
    """A tag; those that tell a release are not the file's to give."""

    def read(self, value: Any, where: Where, problems: Problems) -> Any:
        value = super().read(value, where, problems)
        if value is INVALID or value.partition("=")[0] not in OUR_TAGS:
            return value
        name = value.partition("=")[0]
        problems.add(where, f"{name}= is set from the commit that is deployed. Remove it.")
        return INVALID


SCHEDULE = Shape(
    keys={
        "slug": Key(
            Text(), "name of the schedule within its deployment, such as hourly.", required=True
        ),
        "cron": Key(CronText(), "minute hour day month weekday, such as 30 6 * * 1-5."),
        "interval": Key(
            AnyOf((Seconds(), Duration())), "seconds or an ISO 8601 duration such as PT1H."
        ),
        "rrule": Key(RecurrenceRule(), "rule of RFC 5545, such as FREQ=DAILY."),
        "timezone": Key(
            TimeZone(), "name of the IANA database; UTC without it.", may_be_empty=True
        ),
        "day_or": Key(
            Boolean(),
            "cron: whether day or weekday is enough (true) or both have to fit.",
            may_be_empty=True,
        ),
        "anchor_date": Key(
            PointInTime(),
            "interval: time from which it counts; 2020-01-01T00:00:00+00:00 without it.",
            may_be_empty=True,
        ),
        "active": Key(
            Boolean(), "whether it makes runs; without it a pause by hand stays.", may_be_empty=True
        ),
        "parameters": Key(PARAMETERS, "parameters of its runs alone."),
    },
    refused={
        "replaces": "a schedule is known by its slug; one that left the file leaves Prefect.",
        "max_scheduled_runs": "Prefect plans ahead as its server is set up to. Remove it.",
        "schedule": "write cron, interval or rrule beside the slug.",
    },
    one_of=("cron", "interval", "rrule"),
)

CONCURRENCY = Shape(
    keys={
        "limit": Key(Whole(1), "runs at once.", required=True),
        "collision_strategy": Key(
            Choice(("ENQUEUE", "CANCEL_NEW")), "what one run too many does.", required=True
        ),
        "grace_period_seconds": Key(
            Whole(60, 86400), "how long a run may take to start.", may_be_empty=True
        ),
    }
)

WORK_POOL = Shape(
    keys={
        "name": Key(Text(), "a pool of environments.yaml, such as ecs.", required=True),
        "work_queue_name": Key(Text(), "queue of the pool.", may_be_empty=True),
        "job_variables": Key(
            Shape(
                keys={"env": Key(Variables(), "environment variables of the run.")},
                refused=NOT_CHOSEN,
                others=Anything(),
            ),
            "in the words of the pool's type.",
        ),
    }
)

DEPLOYMENT = Shape(
    keys={
        "name": Key(Text(), "its flow's name with hyphens, or that and a suffix.", required=True),
        "entrypoint": Key(
            Text(), "file and function, such as flows/news_feeds.py:news_feeds.", required=True
        ),
        "description": Key(Text(), "shown by Prefect; else the docstring.", may_be_empty=True),
        "tags": Key(ListOf(Tag()), "shown by Prefect; for filters.", may_be_empty=True),
        "parameters": Key(PARAMETERS, "values of the flow's parameters."),
        "enforce_parameter_schema": Key(
            Boolean(), "whether Prefect refuses values that do not fit.", may_be_empty=True
        ),
        "schedules": Key(ListOf(SCHEDULE), "when it runs.", may_be_empty=True),
        "paused": Key(
            Boolean(), "whether it is paused; without it a pause by hand stays.", may_be_empty=True
        ),
        "concurrency_limit": Key(
            AnyOf((Whole(1), CONCURRENCY)), "runs at once.", may_be_empty=True
        ),
        "work_pool": Key(WORK_POOL, "which pool of environments.yaml runs it.", required=True),
        "pull": Key(PULL, "how a run gets at its code; else that of the file.", may_be_empty=True),
    },
    refused={
        "version": "it tells which code and configuration are live. Use a tag for a note.",
        "version_type": "versions tell which code and configuration are live. Remove it.",
        "build": IMAGES,
        "push": IMAGES,
        "triggers": "automations have a life of their own at Prefect. Create it there.",
        "sla": "only Prefect Cloud knows it, outside of deployments. Create it there.",
        "flow_name": "the flow's name is in its code: @flow(name=...). Remove it.",
        "schedule": 'that is the old form. Use "schedules", a list, with a slug for each.',
    },
)

PREFECT_FILE = Shape(
    keys={
        "name": Key(Text(), "name of the project.", required=True),
        "prefect-version": Key(Text(), "that wrote the file.", may_be_empty=True),
        "pull": Key(PULL, "how a run gets at its code.", required=True),
        "deployments": Key(ListOf(DEPLOYMENT), "all deployments.", required=True),
        "definitions": Key(Anything(), "a place for YAML anchors; ignored.", may_be_empty=True),
    },
    refused={"build": IMAGES, "push": IMAGES},
    ignored_prefix="x-",
)
