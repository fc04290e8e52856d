"""A private S3 and ECR whose objects are as old as a test says, and settings of the stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from tests.local.warehouse import Ask, ask, settings, stage, stage_files
from utilities.objects import ObjectStore, Patience
from utilities.objects.credentials import aws_session
from utilities.settings import Settings

__all__ = ["Ask", "ask", "settings", "stage", "stage_files"]

ACCOUNT = "123456789012"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Aws:
    """A server in this process.

    Attributes:
        settings: that point at it; two buckets, and a repository of images.
        store: of these settings; it gives up at the first failure.
        ecr: a client of the registry.
    """

    settings: Settings
    store: ObjectStore
    ecr: Any

    def put(self, address: str, days: float, size: int = 10) -> None:
        """Write an object that is so many days old, reckoned from NOW."""
        bucket, _, key = address.removeprefix("s3://").partition("/")
        written = self._backend.put_object(bucket, key, b"x" * size)
        written.last_modified = (NOW - timedelta(days=days)).replace(tzinfo=None)

    def keys(self, bucket: str) -> list[str]:
        """Return the names of the objects of a bucket."""
        return sorted(self._backend.get_bucket(bucket).keys)

    @property
    def _backend(self) -> Any:
        return s3_backends[ACCOUNT]["aws"]

    def push(self, *tags: str) -> str:
        """Put an image into the repository under some tags, and return its digest."""
        layers = [{"digest": f"sha256:{sha256(repr(tags).encode()).hexdigest()}", "size": 1 << 20}]
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = {"schemaVersion": 2, "mediaType": kind, "config": layers[0], "layers": layers}
        for tag in tags:
            pushed = self.ecr.put_image(
                repositoryName="flows", imageManifest=json.dumps(manifest), imageTag=tag
            )
        digest: str = pushed["image"]["imageId"]["imageDigest"]
        return digest

    def tags(self) -> set[str]:
        """Return all tags of the repository."""
        found = self.ecr.list_images(repositoryName="flows")["imageIds"]
        return {image["imageTag"] for image in found if "imageTag" in image}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a private server for AWS."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def aws(server: str) -> Iterator[Aws]:
    """That server with two empty buckets and an empty repository."""
    values = {
        "redshift_host": "unused.example.org",
        "redshift_db": "unused",
        "redshift_username": "unused",
        "redshift_password": "unused",
        "s3_temp_bucket": "staged",
        "results_bucket": "kept-results",
        "ecr_repository": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/flows",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "aws_default_region": "us-east-1",
        "aws_endpoint_url": server,
    }
    settings = Settings.model_validate(values)
    client = aws_session(settings).client("ecr", endpoint_url=server)
    made = Aws(settings, ObjectStore(settings, Patience(attempts=1)), client)
    backend = s3_backends[ACCOUNT]["aws"]
    for bucket in ("staged", "kept-results"):
        backend.create_bucket(bucket, "us-east-1")
    made.ecr.create_repository(repositoryName="flows")
    yield made
    for bucket in ("staged", "kept-results"):
        backend.get_bucket(bucket).keys.clear()
        backend.delete_bucket(bucket)
    made.ecr.delete_repository(repositoryName="flows", force=True)
