"""Find the files of a source and tell the new ones from those that were loaded before."""

from dataclasses import dataclass

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from utilities.objects import ObjectStore
from utilities.redshift import find_loaded, parse_table_name
from utilities.references import Loaded
from utilities.settings import load_settings
from utilities.staging import content_key
from utilities.tasks.retries import PATIENTLY


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
def find_files(source: str, table: str) -> list[SourceFile]:
    """Find the files that a source address matches, sorted by name.

    A file is known by its content: a copy under another name is not new, and a file that was
    changed is.

    Args:
        source: path, glob, `s3://bucket/key` or S3 prefix.
        table: target as schema.table, whose loads are looked up in the ledger.
    """
    settings = load_settings()
    store = ObjectStore(settings)
    found = store.find(source)
    keys = [content_key(file.uri, store) for file in found]
    known = find_loaded(keys, parse_table_name(table), settings)
    files = [
        SourceFile(file.uri, file.bytes, key, known.get(key))
        for file, key in zip(found, keys, strict=True)
    ]
    new = sum(file.loaded is None for file in files)
    get_run_logger().info("%s: %s of %s files are new to %s", source, new, len(files), table)
    return files
