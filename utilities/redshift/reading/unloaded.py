"""What an UNLOAD wrote, by its manifest."""

from dataclasses import dataclass

import msgspec

from utilities.errors import SourceNotFound
from utilities.objects import ObjectStore


@dataclass(frozen=True)
class Unloaded:
    """A result that lies on S3.

    Attributes:
        destination: `s3://` prefix of its files.
        manifest: `s3://` URI of the manifest that names them; None when there are none, since a
            result without rows makes no files.
        files: how many.
        rows: rows in all files together, header lines not counted.
        bytes: size of all files together, as stored.
    """

    destination: str
    manifest: str | None
    files: int
    rows: int
    bytes: int


class _Meta(msgspec.Struct):
    content_length: int
    record_count: int


class _Entry(msgspec.Struct):
    url: str
    meta: _Meta


class _Manifest(msgspec.Struct):
    """The verbose manifest: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html."""

    entries: list[_Entry]


def read_unloaded(
    store: ObjectStore, destination: str, *, has_header: bool
) -> tuple[Unloaded, list[str]]:
    """Return what an UNLOAD with MANIFEST VERBOSE wrote under a prefix, and the files' addresses.

    Args:
        has_header: whether each file has a line of names, which Redshift counts as a row.
    """
    entries = _entries(store, f"{destination}manifest")
    headers = len(entries) if has_header else 0
    unloaded = Unloaded(
        destination=destination,
        manifest=f"{destination}manifest" if entries else None,
        files=len(entries),
        rows=sum(entry.meta.record_count for entry in entries) - headers,
        bytes=sum(entry.meta.content_length for entry in entries),
    )
    return unloaded, [entry.url for entry in entries]


def _entries(store: ObjectStore, manifest: str) -> list[_Entry]:
    try:
        with store.open(manifest) as file:
            return msgspec.json.decode(file.read(), type=_Manifest).entries
    except SourceNotFound:
        return []
