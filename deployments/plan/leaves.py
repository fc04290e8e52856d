"""Nested values as one value for each leaf, named by its path: `job_variables.cpu`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deployments.declaration import Schedule
from deployments.live import LiveSchedule

SCHEMA = "parameter_openapi_schema"
OURS = ("COMMIT_HASH", "PACKAGE_VERSION", "PROJECT_NAME", "BRANCH_NAME")
"""Tags that hold a value behind an equals sign."""

EMPTY: tuple[Any, ...] = (None, {}, [])
"""A field that is one of them has no leaf."""


def field_leaves(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the leaves of `Wanted.fields`, or of the same fields of a live deployment.

    A tag is a leaf of its own, and so is a parameter of the schema.
    """
    leaves: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "tags":
            leaves.update(_tags(value))
        elif name == SCHEMA:
            leaves.update(_schema(value))
        elif name == "concurrency_options":
            leaves.update((f"{name}.{key}", each) for key, each in given_options(value).items())
        elif value not in EMPTY:
            leaves.update(_leaves(name, value))
    return leaves


def given_options(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return options that have a value: one without is the same as none."""
    return {key: value for key, value in (options or {}).items() if value is not None}


def schedule_leaves(
    schedules: Sequence[Schedule | LiveSchedule] | Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the leaves of schedules: `schedules.daily.cron`. One without a slug is one leaf."""
    leaves: dict[str, Any] = {}
    for number, schedule in enumerate(schedules):
        content = schedule if isinstance(schedule, Mapping) else vars(schedule)
        slug, timing = content["slug"], dict(content["timing"])
        if slug is None:
            leaves[f"schedules.{number} (no slug)"] = timing
            continue
        leaves[f"schedules.{slug}.active"] = content["active"]
        leaves.update(_leaves(f"schedules.{slug}", timing))
        if content["parameters"]:
            leaves.update(_leaves(f"schedules.{slug}.parameters", content["parameters"]))
    return leaves


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", inner)
    elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        for number, inner in enumerate(value):
            yield from _leaves(f"{path}.{number}", inner)
    else:
        yield path, value


def _tags(tags: Sequence[str]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        key, _, value = tag.partition("=")
        yield (f"tags.{key}", value) if key in OURS else (f"tags.{tag}", tag)


def _schema(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in schema.items():
        if key == "properties":
            for parameter, content in value.items():
                yield f"{SCHEMA}.{parameter}", content
        else:
            yield f"{SCHEMA}.({key})", value
