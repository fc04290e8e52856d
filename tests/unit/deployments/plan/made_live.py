"""Live deployments and repositories as they are read, for tests of what is compared with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from deployments.declaration import Declaration, Environment, Schedule
from deployments.desired import Desired
from deployments.fingerprint import Broken, Dependencies
from deployments.git import Head
from deployments.identity import Identity, Release, Version
from deployments.live import LiveDeployment, LiveSchedule
from deployments.wanted import Wanted
from tests.unit.deployments.made_wanted import RELEASE, SCHEMA

NEXT = Release("f" * 40, "1.3.0", "main")


def make_live(
    wanted: Wanted, number: int = 1, release: Release = RELEASE, **fields: Any
) -> LiveDeployment:
    """Return a deployment that was applied as it is wanted, but for some fields."""
    applied = wanted.fields(release, wanted.image(release.commit), number, SCHEMA)
    found = {**applied, **fields}
    image = found["job_variables"].get("image")
    return LiveDeployment(
        id=f"id of {wanted.identity.live_name}",
        live_name=wanted.identity.live_name,
        flow=wanted.flow,
        identity=wanted.identity,
        version=Version.read(found["version"]),
        release=Release.from_tags(found["tags"]),
        image=image,
        paused=wanted.configuration.paused is True,
        schedules=tuple(map(make_live_schedule, wanted.configuration.schedules)),
        fields=found,
        updated="2026-11-21T08:00:00Z",
    )


def make_live_schedule(schedule: Schedule) -> LiveSchedule:
    """Return a schedule as it is live after an apply."""
    return LiveSchedule(
        f"id of {schedule.slug}",
        schedule.slug,
        schedule.timing,
        schedule.active is not False,
        schedule.parameters,
    )


def make_desired(
    wanted: Sequence[Wanted],
    branch: str | None = "main",
    broken: Sequence[str] = (),
    head: Mapping[str, Any] | None = None,
) -> Desired:
    """Return a repository that wants some deployments of staging.

    Args:
        wanted: the deployments.
        branch: of the environment.
        broken: entrypoints that reach a file that is not Python.
        head: what differs from a clean checkout of main.
    """
    configurations = tuple(each.configuration for each in wanted)
    environment = Environment("staging", branch, configurations)
    plain = Head(NEXT.commit, "main", False, ())
    file = Broken(PurePosixPath("shelf/names.py"), 7, "invalid syntax")
    return Desired(
        root=Path(),
        declaration=Declaration("shop", ("flows",), {"staging": environment}),
        environment=environment,
        branch=branch or "main",
        head=replace(plain, **(head or {})),
        release=NEXT,
        wanted=tuple(wanted),
        dependencies={
            each.entrypoint: Dependencies(
                each.entrypoint, {}, {}, broken=(file,) if each.entrypoint in broken else ()
            )
            for each in configurations
        },
    )


def renamed(live: LiveDeployment, **identity: str) -> LiveDeployment:
    """Return the same deployment under another identity."""
    other = Identity(**{**vars(live.identity), **identity})
    return replace(live, identity=other, live_name=other.live_name, id=f"id of {other.live_name}")
