"""A deployment as it should be, in the words of Prefect's API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployments.declaration import Configuration
from deployments.identity import Identity, Release, Version, digest


@dataclass(frozen=True)
class Wanted:
    """One deployment as one environment wants it.

    Attributes:
        identity: which one it is.
        flow: name of its flow at Prefect.
        configuration: what the files say.
        fingerprint: of the code.
        description: of the configuration, else of the flow.
        own_image: name of the flow's own image; None when it runs in the root image.
    """

    identity: Identity
    flow: str
    description: str | None
    configuration: Configuration
    fingerprint: str
    own_image: str | None

    @property
    def digest(self) -> str:
        """What tells this configuration from another."""
        return digest(self.configuration.content())

    def image(self, commit: str) -> str | None:
        """Return the image of a commit; None where runs need none."""
        repository = self.configuration.image_repository
        if repository is None:
            return None
        return f"{repository}:{commit}" + (f"-{self.own_image}" if self.own_image else "")

    def fields(
        self, release: Release, image: str | None, number: int, schema: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return every field of the deployment but schedules, paused and labels.

        Args:
            release: whose tags it gets.
            image: that its runs start from.
            number: of its version.
            schema: of the flow's parameters: see `parameter_schemas`.
        """
        wanted = self.configuration
        variables = {
            **wanted.variables,
            "DEPLOYMENT_NAME": self.identity.live_name,
            "COMMIT_HASH": release.commit,
        }
        job_variables = {**wanted.job_variables, "env": variables}
        if image is not None:
            job_variables["image"] = image
        return {
            "description": self.description,
            "entrypoint": wanted.entrypoint,
            "path": None,
            "tags": sorted([*wanted.tags, *release.tags(self.identity.project)]),
            "parameters": dict(wanted.parameters),
            "parameter_openapi_schema": dict(schema),
            "enforce_parameter_schema": wanted.enforce_parameter_schema,
            "concurrency_limit": wanted.concurrency_limit,
            "concurrency_options": wanted.concurrency_options,
            "work_pool_name": wanted.pool,
            "work_queue_name": wanted.queue or "default",
            "job_variables": job_variables,
            "pull_steps": [dict(step) for step in wanted.pull_steps],
            "version": str(Version(number, self.fingerprint, self.digest)),
        }
