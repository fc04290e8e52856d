"""An S3 object as a file that is read from its start, and does not end before its end."""

import io
import random
import time
from typing import TYPE_CHECKING

from botocore.exceptions import IncompleteReadError

from utilities.objects.refusals import BROKEN_OFF, explained
from utilities.references import storage_parts

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

FIRST_PAUSE_SECONDS = 0.1


class StreamedObject(io.RawIOBase):
    """The body of one object, asked for again from where it broke off.

    Every answer is of the object as it was at the first one (its ETag): a body that was pieced
    together is one that existed.
    """

    def __init__(self, uri: str, client: "S3Client", attempts: int) -> None:
        """Ask for the object.

        Args:
            uri: `s3://` address.
            client: sends the requests, with retries of its own for each.
            attempts: answers in a row that may bring nothing before this gives up.
        """
        self._uri = uri
        self._client = client
        self._attempts = attempts
        self._position = 0
        self._fruitless = 0
        first = self._request()
        self._etag = first["ETag"]
        self._size_bytes = first["ContentLength"]
        self._body = first["Body"]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        with explained(self._uri):
            data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()

    def _read(self, size: int) -> bytes:
        """Return the next bytes; none at the end only."""
        while self._position < self._size_bytes:
            try:
                data = self._read_some(size)
            except BROKEN_OFF:
                self._fruitless += 1
                if self._fruitless >= self._attempts:
                    raise
                self._resume()
            else:
                self._position += len(data)
                self._fruitless = 0
                return data
        return b""

    def _read_some(self, size: int) -> bytes:
        data = self._body.read(size)
        if not data:
            raise IncompleteReadError(actual_bytes=self._position, expected_bytes=self._size_bytes)
        return data

    def _resume(self) -> None:
        self._body.close()
        time.sleep(random.random() * FIRST_PAUSE_SECONDS * 2**self._fruitless)
        self._body = self._request()["Body"]

    def _request(self) -> "GetObjectOutputTypeDef":
        bucket, key = storage_parts(self._uri)
        with explained(self._uri):
            if self._position == 0:
                return self._client.get_object(Bucket=bucket, Key=key)
            rest = f"bytes={self._position}-"
            return self._client.get_object(Bucket=bucket, Key=key, Range=rest, IfMatch=self._etag)
