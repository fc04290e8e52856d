"""Repositories of images at Amazon ECR: their addresses, and what a refusal means."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from utilities.errors import AccessDenied, ApiUnavailable, FlowError, SourceNotFound

_ADDRESS = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(amazonaws\.com(\.cn)?|on\.aws)/(?P<name>[^:@]+)"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""

_LATER = {"ServerException", "ThrottlingException", "RequestLimitExceeded"}
_SERVER_FAILED = 500


@dataclass(frozen=True)
class EcrRepository:
    """A repository at Amazon ECR.

    Attributes:
        address: of the repository, without a tag.
        account, region: where it is.
        name: in that account and region.
    """

    address: str
    account: str
    region: str
    name: str


def ecr_repository(address: str) -> EcrRepository | None:
    """Return the repository that an address without a tag names; None when it is not at ECR."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    return EcrRepository(address, found["account"], found["region"], found["name"])


@contextmanager
def explained(repository: EcrRepository, named_by: str) -> Iterator[None]:
    """Raise what ECR and its client refuse as an error with a way out.

    Args:
        repository: that was asked.
        named_by: where its address stands, for the person who has to correct it.

    Raises:
        SourceNotFound: ECR has no such repository.
        AccessDenied: no credentials, or they may not.
        ApiUnavailable: ECR did not answer.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,
        CredentialRetrievalError,
        HTTPClientError,
        NoCredentialsError,
    )

    address = repository.address
    try:
        yield
    except ClientError as error:
        raise _from_answer(address, named_by, error.operation_name, error.response) from None
    except (NoCredentialsError, CredentialRetrievalError):
        raise AccessDenied(
            f"{address}: no AWS credentials were found, so nobody knows which images exist. "
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached."
        ) from None
    except (ConnectionError, HTTPClientError) as error:
        raise ApiUnavailable(
            f"{address}: ECR could not be reached ({type(error).__name__}). Check the network "
            "and AWS_ENDPOINT_URL, then run again."
        ) from None
    except BotoCoreError as error:
        raise AccessDenied(
            f"{address}: the AWS client could not be used: {error}. Check the AWS_* settings."
        ) from None


def _from_answer(address: str, named_by: str, operation: str, answer: Any) -> FlowError:
    code = str(answer.get("Error", {}).get("Code", "unknown"))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "RepositoryNotFoundException":
        return SourceNotFound(
            f"{address}: ECR has no such repository. Create it, or correct {named_by}."
        )
    if code in _LATER or status >= _SERVER_FAILED:
        return ApiUnavailable(f"{address}: ECR answered {code} to {operation}. Run again later.")
    return AccessDenied(
        f"{address}: ECR refused {operation} with {code}. Check that the credentials in use are "
        f"valid and may do ecr:{operation} there."
    )
