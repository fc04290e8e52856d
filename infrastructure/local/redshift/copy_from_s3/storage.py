"""S3 as COPY and UNLOAD use it, with its failures told as Redshift tells them."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import IO, Any, cast

import boto3
import pyarrow as pa
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from infrastructure.local.redshift.copy_from_s3.authorization import Authorization
from infrastructure.local.redshift.copy_from_s3.messages import failure
from infrastructure.local.redshift.errors import FrontError

_BROKEN = (BotoCoreError, HTTPError)
"""What the client raises when S3 does not answer, or its answer breaks off."""

_ATTEMPTS = 3
"""How often a whole object is asked for; the client itself asks again only until an answer begins."""

_UNREACHABLE = 9001
"""Redshift's number for it: S3CurlException."""

_PIECE_BYTES = 2**20

_ADDRESS = re.compile(r"s3://([^/]+)/?(.*)", re.DOTALL)


@lru_cache(maxsize=16)
def _client(key_id: str, secret: str, token: str, region: str) -> Any:
    """Return a client, which may be used by several threads; making one takes a tenth of a second."""
    session = boto3.session.Session(
        aws_access_key_id=key_id or None,
        aws_secret_access_key=secret or None,
        aws_session_token=token or None,
        region_name=region or None,
    )
    config = Config(
        retries={"max_attempts": _ATTEMPTS, "mode": "standard"}, s3={"addressing_style": "path"}
    )
    return session.client("s3", config=config)


class Storage:
    """One statement's access to S3: the given keys, or the local stack's own for a role."""

    def __init__(self, who: Authorization, region: str = "") -> None:
        self._client: Any = _client(
            who.access_key_id, who.secret_access_key, who.session_token, region
        )

    def sizes(self, uri: str) -> list[tuple[str, int]]:
        """Return (uri, bytes) of every object whose key starts with the address, in key order."""
        bucket, prefix = split_address(uri)
        with _redshift_errors(f"Listing bucket={bucket} prefix={prefix}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=bucket, Prefix=prefix
            )
            return [
                (f"s3://{bucket}/{entry['Key']}", int(entry["Size"]))
                for page in pages
                for entry in page.get("Contents", ())
            ]

    def size(self, uri: str) -> int | None:
        """Return an object's bytes, or None when there is no such object."""
        bucket, key = split_address(uri)
        try:
            return int(self._client.head_object(Bucket=bucket, Key=key)["ContentLength"])
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise _service_failure(error, f"S3 key being read : {uri}") from None

    def read(self, uri: str) -> bytes | None:
        """Return an object's content, or None when there is no such object."""
        bucket, key = split_address(uri)
        with _redshift_errors(f"S3 key being read : {uri}"):
            try:
                body = self._client.get_object(Bucket=bucket, Key=key)["Body"]
            except self._client.exceptions.NoSuchKey:
                return None
            with closing(body):
                content: bytes = body.read()
        return content

    def open(self, uri: str) -> IO[bytes]:
        """Open an object for streaming.

        To be closed with `closing`: as a context, botocore's body is the connection below it, which
        takes an answer that breaks off for the end.
        """
        bucket, key = split_address(uri)
        with _redshift_errors(f"S3 key being read : {uri}"):
            return cast(IO[bytes], self._client.get_object(Bucket=bucket, Key=key)["Body"])

    def download(self, uri: str, target: IO[bytes]) -> None:
        """Write an object into a file; an answer that breaks off is asked for again."""
        with _redshift_errors(f"S3 key being read : {uri}"):
            for attempt in range(1, _ATTEMPTS + 1):
                target.seek(0)
                target.truncate()
                try:
                    with closing(self.open(uri)) as body:
                        shutil.copyfileobj(body, target, _PIECE_BYTES)
                    return
                except _BROKEN:
                    if attempt == _ATTEMPTS:
                        raise

    def upload(self, uri: str, source: IO[bytes]) -> None:
        bucket, key = split_address(uri)
        with _redshift_errors(f"S3 key being written : {uri}"):
            self._client.put_object(Bucket=bucket, Key=key, Body=source)

    def delete(self, uri: str) -> None:
        bucket, key = split_address(uri)
        with _redshift_errors(f"S3 key being deleted : {uri}"):
            self._client.delete_object(Bucket=bucket, Key=key)

    def pieces(self, uri: str, compression: str, piece_bytes: int) -> Iterator[bytes]:
        """Yield an object's content, decompressed, in pieces of about `piece_bytes`.

        Raises:
            FrontError: S3 refused, or the bytes are not what the compression option says.
        """
        with closing(self.open(uri)) as body:
            stream: Any = body
            if compression:
                stream = pa.CompressedInputStream(pa.PythonFile(body, mode="r"), compression)
            while True:
                try:
                    piece = stream.read(piece_bytes)
                except _BROKEN as error:
                    raise _unreachable(error, f"S3 key being read : {uri}") from None
                except (OSError, pa.ArrowException) as error:
                    raise failure(
                        f"{uri} could not be read as {compression or 'a stream'}",
                        context=f"S3 key being read : {uri}",
                        hint=f"Check that the object is complete and is {compression or 'there'}.",
                    ) from error
                if not piece:
                    return
                yield piece


def split_address(uri: str) -> tuple[str, str]:
    """Split `s3://bucket/key` into bucket and key."""
    match = _ADDRESS.fullmatch(uri)
    if match is None:
        raise failure(f"Invalid S3 address {uri!r}", hint="Expected s3://bucket/key.")
    return match[1], match[2]


@contextmanager
def _redshift_errors(context: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _service_failure(error, context) from None
    except _BROKEN as error:
        raise _unreachable(error, context) from None


def _unreachable(error: Exception, context: str) -> FrontError:
    message = f"S3CurlException: {type(error).__name__}, CanRetry 1, UserError 0"
    return failure(message, context=context, code=_UNREACHABLE)


def _service_failure(error: ClientError, context: str) -> FrontError:
    """Tell an answer of S3 in the words of Redshift's S3ServiceException.

    A HEAD request is answered without a body, so its code is only the HTTP status.
    """
    answer = error.response.get("Error", {})
    about = error.response["ResponseMetadata"]
    code, text = answer.get("Code", "Unknown"), answer.get("Message", "")
    if code == "404":
        code, text = "NoSuchKey", "The specified key does not exist."
    if code == "403":
        code, text = "AccessDenied", "Access Denied"
    return failure(
        f"S3ServiceException:{text},Status {about['HTTPStatusCode']},Error {code},"
        f"Rid {about.get('RequestId', '')},CanRetry 1",
        context=context,
        code=8001,
    )
