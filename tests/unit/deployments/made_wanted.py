"""Deployments as declarations give them, for tests of what follows from them."""

from dataclasses import replace
from typing import Any

from deployments.declaration import Configuration, EnvironmentLayer
from deployments.identity import Identity, Release
from deployments.records import Record
from deployments.wanted import Wanted

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
RELEASE = Release(COMMIT, "1.2.0", "feature/orders")
SCHEMA = {"type": "object", "properties": {}}


def make_wanted(
    name: str = "orders",
    environment: str = "staging",
    own_image: str | None = None,
    **configuration: Any,
) -> Wanted:
    """Return a deployment; what is not given has a plain value."""
    plain = Configuration(
        name=name,
        entrypoint=f"flows/{name}.py:{name}",
        line=1,
        description=None,
        tags=(),
        parameters={},
        base_parameters={},
        enforce_parameter_schema=True,
        schedules=(),
        concurrency_limit=None,
        concurrency_options=None,
        pool_type="ecs",
        pool=f"shop-{environment}",
        queue=None,
        job_variables={},
        variables={},
        pull_steps=(),
        paused=None,
        image_repository=REPOSITORY,
        layer=EnvironmentLayer({}, {}, {}),
    )
    return Wanted(
        identity=Identity("shop", "main", name, environment),
        flow=name,
        configuration=replace(plain, **configuration),
        fingerprint="f" * 16,
        description="Load the orders.",
        own_image=own_image,
    )


def make_record(wanted: Wanted, number: int = 1, release: Release = RELEASE) -> Record:
    """Return the record of a deployment that was applied as it is wanted."""
    fields = wanted.fields(release, wanted.image(release.commit), number, SCHEMA)
    return Record(
        name=wanted.identity.name,
        live_name=wanted.identity.live_name,
        version=fields["version"],
        previous=None,
        at="2026-11-21T08:00:00+00:00",
        how="apply",
        origin="",
        fields=fields,
        schedules=(),
        paused=wanted.configuration.paused,
        base_parameters=wanted.configuration.base_parameters,
    )
