"""The images of a repository at Amazon ECR: listed page by page, removed by digest."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
)

from utilities.errors import AccessDenied, ApiUnavailable, FlowError, SourceNotFound
from utilities.objects.credentials import aws_session
from utilities.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

_ADDRESS = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(amazonaws\.com(\.cn)?|on\.aws)/(?P<name>[^:@]+)"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""

REMOVED_AT_ONCE = 100
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html"""

_LATER = {"ServerException", "ThrottlingException", "RequestLimitExceeded"}
_SERVER_FAILED = 500
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

    def __init__(self, repository: str, settings: Settings) -> None:
        """Ask nothing yet.

        Args:
            repository: its address, one for which `is_at_ecr` is true.
            settings: credentials, and perhaps another server.
        """
        found = _ADDRESS.fullmatch(repository)
        if found is None:
            raise ValueError(f"{repository!r} is no repository at Amazon ECR")
        self._repository = repository
        self._account, self._name = found["account"], found["name"]
        self._region = found["region"]
        self._settings = settings

    def images(self) -> Iterator[StoredImage]:
        """Yield every image that has a tag; a page of them is in memory.

        Those without one are parts of others, or expire by the repository's own rules.

        Raises:
            SourceNotFound, AccessDenied, ApiUnavailable: ECR refuses or does not answer.

        Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
        """
        with _explained(self._repository):
            pages = (
                self._client()
                .get_paginator("describe_images")
                .paginate(
                    registryId=self._account,
                    repositoryName=self._name,
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
            with _explained(self._repository):
                answer = client.batch_delete_image(
                    registryId=self._account,
                    repositoryName=self._name,
                    imageIds=[{"imageDigest": digest} for digest in some],
                )
            for failure in answer.get("failures", []):
                if failure.get("failureCode") != _GONE:
                    digest = failure.get("imageId", {}).get("imageDigest", "")
                    refused[digest] = str(failure.get("failureCode"))
        return refused

    def _client(self) -> "ECRClient":
        return aws_session(self._settings).client(
            "ecr", region_name=self._region, endpoint_url=self._settings.aws_endpoint_url
        )


def is_at_ecr(repository: str) -> bool:
    """Say whether an address is that of a repository at Amazon ECR."""
    return _ADDRESS.fullmatch(repository) is not None


@contextmanager
def _explained(repository: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _from_answer(repository, error.operation_name, error.response) from None
    except (NoCredentialsError, CredentialRetrievalError):
        raise AccessDenied(
            f"{repository}: no AWS credentials were found, so nobody knows which images exist. Run "
            "where a role is attached, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from None
    except (ConnectionError, HTTPClientError) as error:
        raise ApiUnavailable(
            f"{repository}: ECR could not be reached ({type(error).__name__}). Check the network, "
            "then run again."
        ) from None
    except BotoCoreError as error:
        raise AccessDenied(
            f"{repository}: the AWS client could not be used: {error}. Check the AWS_* settings."
        ) from None


def _from_answer(repository: str, operation: str, answer: Any) -> FlowError:
    code = str(answer.get("Error", {}).get("Code", "unknown"))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "RepositoryNotFoundException":
        return SourceNotFound(
            f"{repository}: ECR has no such repository. Correct ECR_REPOSITORY, or create it."
        )
    if code in _LATER or status >= _SERVER_FAILED:
        return ApiUnavailable(f"{repository}: ECR answered {code} to {operation}. Run again later.")
    return AccessDenied(
        f"{repository}: ECR refused {operation} with {code}. Check that the role of this run may do "
        f"ecr:{operation} there."
    )
