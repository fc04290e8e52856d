"""Which objects a COPY reads: a manifest's entries, or every key under a prefix."""

from dataclasses import dataclass
from typing import Any

import msgspec

from infrastructure.local.redshift.copy_from_s3.messages import failure
from infrastructure.local.redshift.copy_from_s3.storage import Storage, split_address


@dataclass(frozen=True)
class SourceFile:
    """One object to load, and its size in bytes as stored."""

    uri: str
    size_bytes: int


class _Entry(msgspec.Struct):
    url: str
    mandatory: bool = False
    meta: dict[str, Any] = {}


class _Manifest(msgspec.Struct):
    entries: list[_Entry]


def find_files(storage: Storage, uri: str, *, manifest: bool, columnar: bool) -> list[SourceFile]:
    """Return the objects to load.

    Args:
        uri: a key, a key prefix, or the manifest's key.
        columnar: the files are Parquet, which need `meta.content_length` in a manifest.

    Raises:
        FrontError: nothing there, a manifest that cannot be read, a mandatory entry that is
            missing, or a size that differs from the manifest's.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
    """
    if manifest:
        return _from_manifest(storage, uri, columnar)
    found = [SourceFile(key, size) for key, size in storage.sizes(uri) if not key.endswith("/")]
    if not found:
        raise failure(f"The specified S3 prefix '{split_address(uri)[1]}' does not exist")
    return found


def _from_manifest(storage: Storage, uri: str, columnar: bool) -> list[SourceFile]:
    content = storage.read(uri)
    if content is None:
        raise failure(
            "COPY with MANIFEST parameter requires full path of an S3 object.",
            context=f"S3 key being read : {uri}",
            hint=f"There is no object {uri}.",
        )
    try:
        entries = msgspec.json.decode(content, type=_Manifest).entries
    except msgspec.DecodeError as error:
        raise failure(
            f"Problem reading manifest file - {uri}: {error}",
            hint='Expected {"entries": [{"url": "s3://...", "mandatory": true}, ...]}.',
        ) from None
    if not entries:
        raise failure(f"Manifest file is not in correct json format: {uri} has no entries")
    files = [_check(storage, uri, entry, columnar) for entry in entries]
    return [file for file in files if file is not None]


def _check(storage: Storage, manifest: str, entry: _Entry, columnar: bool) -> SourceFile | None:
    expected = entry.meta.get("content_length")
    if columnar and not isinstance(expected, int):
        raise failure(
            "File size of entry in the manifest is missing: content_length",
            context=f"{manifest}: {entry.url}",
            hint='Parquet needs "meta": {"content_length": <bytes>} in every entry.',
        )
    size = storage.size(entry.url)
    if size is None and (entry.mandatory or columnar):
        raise failure(
            "S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,"
            "CanRetry 1",
            context=f"S3 key being read : {entry.url}",
        )
    if size is None:
        return None
    if columnar and size != expected:
        raise failure(
            "The file size in the manifest does not match the object",
            context=f"{manifest}: {entry.url}: content_length {expected}, found {size} bytes",
            hint="Write the manifest again, after the files.",
        )
    return SourceFile(entry.url, size)
