"""Turn what S3 answers into errors that say what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
)

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
_LATER = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "500", "503"}


@contextmanager
def explained(uri: str) -> Iterator[None]:
    """Raise this repository's errors for what goes wrong with `uri` inside the block."""
    try:
        yield
    except ClientError as error:
        raise _from_answer(uri, error) from None
    except NoCredentialsError:
        raise AccessDenied(
            f"{uri}: no AWS credentials were found. Set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or run where a role is attached."
        ) from None
    except (ConnectionError, HTTPClientError) as error:
        raise StorageUnavailable(
            f"{uri}: S3 could not be reached ({type(error).__name__}). "
            "Check the network and AWS_ENDPOINT_URL, then run again."
        ) from None
    except BotoCoreError as error:
        raise AccessDenied(
            f"{uri}: the AWS client could not be used: {error}. Check the AWS_* settings."
        ) from None


def _from_answer(uri: str, error: ClientError) -> FlowError:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    operation = error.operation_name
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
    if code in _LATER:
        return StorageUnavailable(f"{uri}: S3 answered {code} to {operation}. Run again later.")
    return AccessDenied(
        f"{uri}: S3 answered {code} to {operation}. "
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html explains the code."
    )
