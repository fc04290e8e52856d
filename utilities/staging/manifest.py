"""The manifest: the list of parts that COPY loads. It is written last, so it lists whole parts.

Source: https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html;
`content_length` is required for Parquet. Counts and schema are laid out as UNLOAD writes them.
"""

import re
from collections.abc import Sequence

import msgspec

from utilities.references import Column
from utilities.staging.parts import Part

MANIFEST_NAME = "manifest.json"

_BASE_NAMES = {
    "VARCHAR": "character varying",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMPTZ": "timestamp with time zone",
    "TIME": "time without time zone",
}
_NUMERIC = re.compile(r"NUMERIC\((\d+),(\d+)\)")


def manifest_json(parts: Sequence[Part], columns: Sequence[Column]) -> bytes:
    """Return the manifest of parts whose columns are the given ones, in order."""
    entries = [
        {
            "url": part.uri,
            "mandatory": True,
            "meta": {"content_length": part.bytes, "record_count": part.rows},
        }
        for part in parts
    ]
    elements = [{"name": column.name, "type": _type(column)} for column in columns]
    document = {"entries": entries, "schema": {"elements": elements}}
    return msgspec.json.format(msgspec.json.encode(document), indent=1)


def _type(column: Column) -> dict[str, str | int]:
    numeric = _NUMERIC.fullmatch(column.type)
    if numeric:
        return {"base": "numeric", "precision": int(numeric[1]), "scale": int(numeric[2])}
    base = _BASE_NAMES.get(column.type, column.type.lower())
    if column.type == "VARCHAR":
        return {"base": base, "max_length": column.max_bytes}
    return {"base": base}
