"""Read and write files by address: a local path, or `s3://bucket/key`."""

import glob
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from utilities.errors import AccessDenied, SourceNotFound
from utilities.objects.credentials import aws_session
from utilities.objects.refusals import explained, from_answer
from utilities.objects.streamed import StreamedObject
from utilities.references import storage_parts
from utilities.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_making = Lock()

DELETE_BATCH = 1000
"""The most keys of one DeleteObjects request."""

READ_AHEAD_BYTES = 1 << 20

PART_BYTES = 8 << 20
"""Parts of a multipart upload; at least 5 MiB.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""


@dataclass(frozen=True)
class FoundFile:
    """A file that a source address matched: where it is and its size as stored."""

    uri: str
    bytes: int


@dataclass(frozen=True)
class StoredObject:
    """An object on S3: where it is, its size, and when it was written (UTC)."""

    uri: str
    bytes: int
    modified: datetime


@dataclass(frozen=True)
class Patience:
    """How long S3 may take, and how often it is asked, before it counts as unavailable.

    Attributes:
        attempts: requests in all for one answer, with growing, uneven pauses between them.
        connect_seconds: for a connection.
        read_seconds: for the next bytes of an answer.
    """

    attempts: int = 5
    connect_seconds: float = 10.0
    read_seconds: float = 60.0


class ObjectStore:
    """Files on this machine and on S3, with the credentials of one `Settings`.

    Safe to use from several threads.
    """

    def __init__(self, settings: Settings, patience: Patience = Patience()) -> None:
        self._settings = settings
        self._patience = patience

    def find(self, address: str) -> list[FoundFile]:
        """Return the files that an address matches, sorted by name.

        Args:
            address: a path, a glob (`data/*.csv`), `s3://bucket/key` or an S3 prefix. A folder
                stands for the files directly in it.

        Raises:
            SourceNotFound: nothing matches.
            AccessDenied, StorageUnavailable: S3 refused or did not answer.
        """
        found = self._find_objects(address) if address.startswith("s3://") else _find_paths(address)
        if not found:
            raise SourceNotFound(
                f"{address}: no file matches. Give a path, a glob in quotes ('data/*.csv') or "
                "s3://bucket/prefix."
            )
        return sorted(found, key=lambda file: file.uri)

    def open(self, uri: str) -> BinaryIO:
        """Open a file for reading from its start; an S3 object is streamed, not downloaded."""
        if not uri.startswith("s3://"):
            return _open_path(uri)
        streamed = StreamedObject(uri, self._client, self._patience.attempts)
        return cast(BinaryIO, io.BufferedReader(streamed, READ_AHEAD_BYTES))

    def size(self, uri: str) -> int:
        """Return the size of a file in bytes, as stored."""
        if not uri.startswith("s3://"):
            with _open_path(uri) as file:
                return file.seek(0, io.SEEK_END)
        bucket, key = storage_parts(uri)
        with explained(uri):
            return self._client.head_object(Bucket=bucket, Key=key)["ContentLength"]

    def put(self, uri: str, data: bytes) -> None:
        """Write an S3 object whole; readers see the old one or the new one."""
        bucket, key = storage_parts(uri)
        with explained(uri):
            self._client.put_object(Bucket=bucket, Key=key, Body=data)

    def put_stream(self, uri: str, source: IO[bytes]) -> None:
        """Write an S3 object from a stream, in bounded memory; it appears whole, or not at all."""
        from boto3.s3.transfer import TransferConfig

        bucket, key = storage_parts(uri)
        layout = TransferConfig(
            multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=2
        )
        # Ten parts wait in memory otherwise.
        layout.max_in_memory_upload_chunks = 2
        with explained(uri):
            self._client.upload_fileobj(source, bucket, key, Config=layout)

    def signed_link(self, uri: str, seconds: int) -> str:
        """Return a link with which anybody may read an S3 object for a while.

        With temporary credentials it ends with them. Version 4 of the signature, which boto3 does
        not choose by itself, is the only one that newer buckets accept:
        https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
        """
        from botocore.config import Config

        bucket, key = storage_parts(uri)
        with explained(uri):
            client = aws_session(self._settings).client(
                "s3",
                endpoint_url=self._settings.aws_endpoint_url,
                config=Config(signature_version="s3v4"),
            )
            link: str = client.generate_presigned_url(
                "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds
            )
            client.close()
        return link

    def delete(self, uris: Iterable[str]) -> int:
        """Delete S3 objects of one bucket, and return how many were named.

        Those that are gone already do not matter. Memory holds one request's names.
        """
        count = 0
        waiting = iter(uris)
        while batch := [storage_parts(uri) for uri in islice(waiting, DELETE_BATCH)]:
            count += len(batch)
            bucket = batch[0][0]
            with explained(f"s3://{bucket}"):
                answer = self._client.delete_objects(
                    Bucket=bucket,
                    Delete={"Objects": [{"Key": key} for _, key in batch], "Quiet": True},
                )
            for refused in answer.get("Errors", []):
                uri = f"s3://{bucket}/{refused.get('Key')}"
                raise from_answer(uri, "DeleteObjects", {"Error": refused})
        return count

    def empty(self, prefix: str) -> None:
        """Delete every object whose address begins with `prefix`; none is fine too."""
        self.delete(found.uri for found in self.objects(prefix))

    def expire(self, prefix: str, before: datetime) -> int:
        """Delete the objects below `prefix` that were written before a time; return how many.

        For what killed runs have left: a run of today may still be using its own.
        """
        return self.delete(found.uri for found in self.objects(prefix) if found.modified < before)

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose address begins with `prefix`, in the order of their names.

        A page of them is in memory; those that are deleted meanwhile disturb nothing.
        """
        bucket, key_prefix = storage_parts(prefix)
        with explained(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=bucket, Prefix=key_prefix
            )
            for page in pages:
                for item in page.get("Contents", []):
                    uri = f"s3://{bucket}/{item['Key']}"
                    yield StoredObject(uri, item["Size"], item["LastModified"])

    def _find_objects(self, address: str) -> list[FoundFile]:
        found = [FoundFile(item.uri, item.bytes) for item in self.objects(address)]
        # A key that ends in a slash is a folder made in a console, not a file.
        found = [file for file in found if not file.uri.endswith("/")]
        return [file for file in found if file.uri == address] or found

    def connect(self) -> None:
        """Make ready for the first request to S3, which takes a tenth of a second, ahead of it."""
        _ = self._client

    @property
    def _client(self) -> "S3Client":
        with _making:
            return _client(self._settings, self._patience)


@lru_cache(maxsize=8)
def _client(settings: Settings, patience: Patience) -> "S3Client":
    """Return the client of these settings. Under `_making`: two threads would make two."""
    from botocore.config import Config

    return aws_session(settings).client(
        "s3",
        endpoint_url=settings.aws_endpoint_url,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": patience.attempts},
            connect_timeout=patience.connect_seconds,
            read_timeout=patience.read_seconds,
        ),
    )


def _forget_parent() -> None:
    """A forked process must not use the connections of its parent, nor wait for its threads."""
    global _making
    _making = Lock()
    _client.cache_clear()


os.register_at_fork(after_in_child=_forget_parent)


def _find_paths(address: str) -> list[FoundFile]:
    path = Path(address).expanduser()
    if path.is_file():
        matches = [path]
    elif path.is_dir():
        matches = [entry for entry in path.iterdir() if not entry.name.startswith(".")]
    else:
        matches = [Path(match) for match in glob.glob(str(path), recursive=True)]
    return [FoundFile(str(match), match.stat().st_size) for match in matches if match.is_file()]


def _open_path(uri: str) -> BinaryIO:
    try:
        return Path(uri).expanduser().open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise SourceNotFound(f"{uri}: no such file. Check the path.") from None
    except PermissionError:
        raise AccessDenied(f"{uri}: this user may not read the file.") from None
