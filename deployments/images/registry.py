"""Which tags a repository of images has: asked of Amazon ECR; other registries are not asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from utilities.errors import AccessDenied, ApiUnavailable, FlowError, SourceNotFound

ECR = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(amazonaws\.com(\.cn)?|on\.aws)/(?P<name>.+)"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""

_LATER = {"ServerException", "ThrottlingException", "RequestLimitExceeded"}
_SERVER_FAILED = 500


def existing_tags(repository: str) -> frozenset[str] | None:
    """Return the tags of a repository; None when its registry is none that can be asked.

    Args:
        repository: address without a tag.

    Raises:
        SourceNotFound: ECR has no such repository.
        AccessDenied: no credentials, or they may not list its images.
        ApiUnavailable: ECR did not answer.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html
    """
    address = ECR.fullmatch(repository)
    if address is None:
        return None
    import boto3

    with _explained(repository):
        client = boto3.Session().client("ecr", region_name=address["region"])
        pages = client.get_paginator("list_images").paginate(
            registryId=address["account"],
            repositoryName=address["name"],
            filter={"tagStatus": "TAGGED"},
        )
        return frozenset(image["imageTag"] for page in pages for image in page["imageIds"])


@contextmanager
def _explained(repository: str) -> Iterator[None]:
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,
        CredentialRetrievalError,
        HTTPClientError,
        NoCredentialsError,
    )

    try:
        yield
    except ClientError as error:
        raise _from_answer(repository, error.operation_name, error.response) from None
    except (NoCredentialsError, CredentialRetrievalError):
        raise AccessDenied(
            f"{repository}: no AWS credentials were found, so nobody knows which images exist. "
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached."
        ) from None
    except (ConnectionError, HTTPClientError) as error:
        raise ApiUnavailable(
            f"{repository}: ECR could not be reached ({type(error).__name__}). Check the network "
            "and AWS_ENDPOINT_URL, then run again."
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
            f"{repository}: ECR has no such repository. Create it, or correct image_repository in "
            "environments.yaml."
        )
    if code in _LATER or status >= _SERVER_FAILED:
        return ApiUnavailable(f"{repository}: ECR answered {code} to {operation}. Run again later.")
    return AccessDenied(
        f"{repository}: ECR refused {operation} with {code}. Check that the credentials in use are "
        f"valid and may do ecr:{operation} there."
    )
