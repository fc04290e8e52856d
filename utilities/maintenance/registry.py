"""The images of a repository at Amazon ECR: listed page by page, removed by digest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from utilities.image_registry import EcrRepository, explained
from utilities.objects.credentials import aws_session
from utilities.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

REMOVED_AT_ONCE = 100
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html"""

_NAMED_BY = "ECR_REPOSITORY"
_GONE = "ImageNotFound"


@dataclass(frozen=True)
class StoredImage:
    """One image of a repository.

    Attributes:
        digest: what it is, as sha256:...
        tags: its names; at least one.
        bytes: as stored; layers that it shares with others are counted for each.
        pushed: when it came, UTC.
        pulled: when it was last started somewhere, as ECR noticed, at most a day late; None when
            it never was.
    """

    digest: str
    tags: tuple[str, ...]
    bytes: int
    pushed: datetime
    pulled: datetime | None


class Registry:
    """A repository of images at Amazon ECR."""

    def __init__(self, repository: EcrRepository, settings: Settings) -> None:
        """Ask nothing yet.

        Args:
            repository: which one.
            settings: credentials, and perhaps another server.
        """
        self._repository = repository
        self._settings = settings

    def images(self) -> Iterator[StoredImage]:
        """Yield every image that has a tag; a page of them is in memory.

        Those without one are parts of others, or expire by the repository's own rules.

        Raises:
            SourceNotFound, AccessDenied, ApiUnavailable: ECR refuses or does not answer.

        Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
        """
        with explained(self._repository, _NAMED_BY):
            pages = (
                self._client()
                .get_paginator("describe_images")
                .paginate(
                    registryId=self._repository.account,
                    repositoryName=self._repository.name,
                    filter={"tagStatus": "TAGGED"},
                )
            )
            for page in pages:
                for image in page["imageDetails"]:
                    if tags := tuple(image.get("imageTags", ())):
                        yield StoredImage(
                            image["imageDigest"],
                            tags,
                            image.get("imageSizeInBytes", 0),
                            image["imagePushedAt"],
                            image.get("lastRecordedPullTime"),
                        )

    def remove(self, digests: Sequence[str]) -> dict[str, str]:
        """Remove images with all their tags; those that are gone already do not matter.

        Returns:
            The registry's reason for each digest that it did not remove.
        """
        refused: dict[str, str] = {}
        client = self._client()
        for start in range(0, len(digests), REMOVED_AT_ONCE):
            some = digests[start : start + REMOVED_AT_ONCE]
            with explained(self._repository, _NAMED_BY):
                answer = client.batch_delete_image(
                    registryId=self._repository.account,
                    repositoryName=self._repository.name,
                    imageIds=[{"imageDigest": digest} for digest in some],
                )
            for failure in answer.get("failures", []):
                if failure.get("failureCode") != _GONE:
                    digest = failure.get("imageId", {}).get("imageDigest", "")
                    refused[digest] = str(failure.get("failureCode"))
        return refused

    def _client(self) -> "ECRClient":
        return aws_session(self._settings).client(
            "ecr", region_name=self._repository.region, endpoint_url=self._settings.aws_endpoint_url
        )
