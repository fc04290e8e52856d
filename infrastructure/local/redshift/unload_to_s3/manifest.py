"""The manifest of an UNLOAD.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-manifest
"""

import io

import msgspec

from infrastructure.local.redshift.copy_from_s3.storage import Storage
from infrastructure.local.redshift.unload_to_s3.files import Unloaded
from infrastructure.local.redshift.unload_to_s3.result import ResultColumn
from infrastructure.local.redshift.unload_to_s3.statement import UnloadStatement


def write_manifest(
    storage: Storage,
    statement: UnloadStatement,
    files: list[Unloaded],
    columns: tuple[ResultColumn, ...],
) -> None:
    """Put the manifest beside the files, as `<prefix>manifest`."""
    entries: list[dict[str, object]] = []
    for file in files:
        meta = {"content_length": file.size_bytes}
        if statement.verbose:
            meta["record_count"] = file.rows
        entries.append({"url": file.uri, "meta": meta})
    document: dict[str, object] = {"entries": entries}
    if statement.verbose:
        document["schema"] = {"elements": [column.schema_element() for column in columns]}
        document["meta"] = {
            "content_length": sum(file.size_bytes for file in files),
            "record_count": sum(file.rows for file in files),
        }
        document["author"] = {"name": "Amazon Redshift", "version": "1.0.0"}
    body = msgspec.json.format(msgspec.json.encode(document), indent=2)
    storage.upload(f"{statement.prefix}manifest", io.BytesIO(body))
