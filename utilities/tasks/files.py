"""Find the files of a source and tell the new ones from those that were loaded before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.errors import ParameterInvalid
from utilities.objects import ObjectStore
from utilities.redshift import find_loaded, parse_table_name
from utilities.references import Loaded
from utilities.settings import Settings, load_settings
from utilities.staging import content_key
from utilities.tasks.retries import PATIENTLY

__all__ = [
    "SourceFile",
    "find_files",
]

LEFTOVERS_AFTER = timedelta(days=3)
"""No run takes as long: what was staged earlier and is still there, a killed run has left."""


def expire_leftovers(store: ObjectStore, settings: Settings) -> None:
    """Delete what killed runs have left in the bucket's `staging/`."""
    place = f"s3://{settings.s3_temp_bucket}/staging/"
    store.expire(place, datetime.now(UTC) - LEFTOVERS_AFTER)


def staging_prefix(table: str, settings: Settings) -> str:
    """Return where everything that is staged for a table lies."""
    return f"s3://{settings.s3_temp_bucket}/staging/{table}/"


@dataclass(frozen=True)
class SourceFile:
    """A file of a source.

    Attributes:
        uri: path or `s3://` address.
        bytes: size as stored.
        batch_key: SHA-256 of its content.
        loaded: what the ledger says of this content; None when it is new.
    """

    uri: str
    bytes: int
    batch_key: str
    loaded: Loaded | None


@task(cache_policy=NO_CACHE, **PATIENTLY)
def find_files(source: str, table: str, *, one_file: bool = False) -> list[SourceFile]:
    """Find the files that a source address matches, sorted by name.

    What killed runs have left in the staging area days ago is removed first.

    A file is known by its content: a copy under another name is not new, and a file that was
    changed is.

    Args:
        source: path, glob, `s3://bucket/key` or S3 prefix.
        table: target as schema.table, whose loads are looked up in the ledger.
        one_file: refuses several, because each would undo the one before.

    Raises:
        ParameterInvalid: there are several files where only one makes sense.
    """
    settings = load_settings()
    store = ObjectStore(settings)
    expire_leftovers(store, settings)
    found = store.find(source)
    if one_file and len(found) > 1:
        raise ParameterInvalid(
            f"{source}: {len(found)} files match, and each would replace the rows of the one "
            "before. Nothing was loaded. Name one file, or use another mode."
        )
    keys = [content_key(file.uri, store) for file in found]
    known = find_loaded(keys, parse_table_name(table), settings)
    files = [
        SourceFile(file.uri, file.bytes, key, known.get(key))
        for file, key in zip(found, keys, strict=True)
    ]
    new = sum(file.loaded is None for file in files)
    get_run_logger().info("%s: %s of %s files are new to %s", source, new, len(files), table)
    return files
