"""A deployment with a value in every field that is easy to lose on the way."""

from dataclasses import dataclass
from typing import Any

from deployments.declaration import Schedule
from deployments.identity import Identity, Release, Version

POOL = "an odd pool: ünicode? #1"
RELEASE = Release("0123456789abcdef0123456789abcdef01234567-dirty", "1.0=2", "feature/x")


@dataclass(frozen=True)
class Odd:
    """What tells a new deployment from every other."""

    identity: Identity
    flow: str = "some_flow of ünicode"


def fields(identity: Identity, **changes: Any) -> dict[str, Any]:
    """Return a value for every field of `Wanted.fields`."""
    return {
        "description": "Line one.\n\n- `two` | 'three' \"four\" \\n € 🗳",
        "entrypoint": "flows/some_flow.py:some_flow",
        "path": None,
        "tags": sorted(["z tag", "ä=1", "A", *RELEASE.tags(identity.project)]),
        "parameters": {
            "text": "007",
            "nothing": None,
            "number": 0.1,
            "whole": 2**53 + 1,
            "nested": {"list": [1, [], {}, None, True], "": "empty name"},
            "prefect_variable": "{{ not.resolved }}",
        },
        "parameter_openapi_schema": {
            "title": "Parameters",
            "type": "object",
            "properties": {
                "text": {"default": "007", "position": 0, "title": "text", "type": "string"},
                "number": {"position": 1, "title": "number", "anyOf": [{"type": "number"}]},
            },
            "required": ["number"],
            "definitions": {"Kind": {"enum": ["a", None, 3]}},
        },
        "enforce_parameter_schema": False,
        "concurrency_limit": 3,
        "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
        "work_pool_name": POOL,
        "work_queue_name": "a queue of its own",
        "job_variables": {
            "env": {"A": "1", "EMPTY": "", "URL": "https://example.org/?a=b&c=%20"},
            "image": "registry.example.org/shop:0123",
            "cpu": 1024,
            "nothing": None,
        },
        "pull_steps": [
            {"prefect.deployments.steps.set_working_directory": {"directory": "/opt/shop"}},
            {"prefect.deployments.steps.run_shell_script": {"script": "a\nb", "env": {}}},
        ],
        "version": str(Version(12, "0123456789abcdef", "0123456789ab")),
        **changes,
    }


EMPTY: dict[str, Any] = {
    "description": None,
    "tags": [],
    "parameters": {},
    "parameter_openapi_schema": {"type": "object", "properties": {}},
    "enforce_parameter_schema": True,
    "concurrency_limit": None,
    "concurrency_options": None,
    "work_queue_name": "default",
    "job_variables": {},
    "pull_steps": [],
}
"""The other end of every field."""

SCHEDULES = (
    Schedule("cron", {"cron": "5 4 * * sun", "timezone": "America/New_York", "day_or": False}),
    Schedule(
        "interval",
        {"interval": 90.5, "anchor_date": "2020-01-01T00:00:00+00:00", "timezone": "UTC"},
        active=False,
        parameters={"text": "ä", "nested": {"a": [None]}},
    ),
    Schedule(
        "rrule",
        {"rrule": "DTSTART:20200101T000000\nFREQ=MONTHLY;BYDAY=-1FR", "timezone": "Asia/Kolkata"},
        active=True,
    ),
)
