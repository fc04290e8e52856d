"""Turn what S3 answers into errors that say what to do next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError

from utilities.errors import AccessDenied, FlowError, SourceNotFound, StorageUnavailable

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
_MISSING = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
_REFUSED = {
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "401",
    "403",
}
_LATER = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted"}
_REPLACED = {"PreconditionFailed", "412"}
_SERVER_FAILED = 500

BROKEN_OFF = (HTTPClientError, IncompleteReadError)
"""A body that did not come to its end."""

_UNREADABLE = (*BROKEN_OFF, FlexibleChecksumError, ResponseParserError)


@contextmanager
def explained(uri: str) -> Iterator[None]:
    """Raise this repository's errors for what goes wrong with `uri` inside the block."""
    try:
        yield
    except ClientError as error:
        raise from_answer(uri, error.operation_name, error.response) from None
    except NoCredentialsError:
        raise AccessDenied(
            f"{uri}: no AWS credentials were found. Set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or run where a role is attached."
        ) from None
    except CredentialRetrievalError:
        raise StorageUnavailable(
            f"{uri}: the service that hands out AWS credentials here did not give any. "
            "Run again; if it stays, check the role of this machine or task."
        ) from None
    except ConnectionError as error:
        raise StorageUnavailable(
            f"{uri}: S3 could not be reached ({type(error).__name__}). "
            "Check the network and AWS_ENDPOINT_URL, then run again."
        ) from None
    except _UNREADABLE as error:
        raise StorageUnavailable(
            f"{uri}: S3's answer broke off ({type(error).__name__}). Run again."
        ) from None
    except BotoCoreError as error:
        raise AccessDenied(
            f"{uri}: the AWS client could not be used: {error}. Check the AWS_* settings."
        ) from None


def from_answer(uri: str, operation: str, answer: Mapping[str, Any]) -> FlowError:
    """Return the error for an answer of S3 that holds an error code."""
    code = str(answer.get("Error", {}).get("Code", "unknown"))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return SourceNotFound(
            f"{uri}: the bucket does not exist. Check the name, or S3_TEMP_BUCKET for staged files."
        )
    if code in _MISSING:
        return SourceNotFound(
            f"{uri}: no such object. Check the address; names are case-sensitive."
        )
    if code in _REFUSED:
        return AccessDenied(
            f"{uri}: S3 refused {operation} with {code}. Check that the credentials in use are "
            f"valid and may do {operation} there."
        )
    if code in _REPLACED:
        return StorageUnavailable(
            f"{uri}: the object was replaced while it was being read. Run again."
        )
    if code in _LATER or status >= _SERVER_FAILED:
        return StorageUnavailable(f"{uri}: S3 answered {code} to {operation}. Run again later.")
    return AccessDenied(
        f"{uri}: S3 answered {code} to {operation}. "
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html explains the code."
    )
