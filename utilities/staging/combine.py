"""Make one batch out of several with the same columns: one manifest over the parts of all.

For a source that comes in several files which belong together, such as the files of one export:
they are staged side by side and loaded in one transaction.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from utilities.errors import ParameterInvalid, SchemaMismatch
from utilities.objects import ObjectStore
from utilities.references import Column, Staged
from utilities.staging.manifest import MANIFEST_NAME, manifest_json
from utilities.staging.parts import Part

_VALUES: dict[str, Callable[[str], Any]] = {
    "SMALLINT": int,
    "INTEGER": int,
    "BIGINT": int,
    "REAL": float,
    "DOUBLE PRECISION": float,
    "DATE": dt.date.fromisoformat,
    "TIME": dt.time.fromisoformat,
    "TIMESTAMP": dt.datetime.fromisoformat,
    "TIMESTAMPTZ": dt.datetime.fromisoformat,
    "VARCHAR": str,
}


def combine(
    batches: Sequence[Staged],
    destination: str,
    store: ObjectStore,
    *,
    batch: str | None = None,
    name: str | None = None,
) -> Staged:
    """Return one batch that has the rows of several; their parts stay where they are.

    Args:
        batches: at least one; all have the same columns, in the same order.
        destination: `s3://` prefix for the manifest. What a load deletes after its commit is the
            manifest's folder: the batches lie in it, or stay.
        store: reads their manifests, writes the new one.
        batch: identifies the batch, such as the id of an export job; None: the batches' own keys.
        name: what messages and the ledger call the source; None: the batches' own names.

    Raises:
        SchemaMismatch: the columns differ.
        ParameterInvalid: there is no batch, or one has rows that were set aside.
        SourceNotFound, AccessDenied, StorageUnavailable: the storage refuses.
    """
    _require_alike(batches)
    columns = tuple(
        _merged(
            [
                (staged.columns[position], staged.columns[position].nulls < staged.rows)
                for staged in batches
            ]
        )
        for position in range(len(batches[0].columns))
    )
    parts = [part for staged in batches for part in _parts(staged, store)]
    manifest = destination.rstrip("/") + "/" + MANIFEST_NAME
    store.put(manifest, manifest_json(parts, columns))
    key = batch if batch is not None else "".join(staged.batch_key for staged in batches)
    return Staged(
        manifest=manifest,
        source=name or ", ".join(staged.source for staged in batches),
        batch_key=hashlib.sha256(key.encode()).hexdigest(),
        columns=columns,
        rows=sum(staged.rows for staged in batches),
        bytes=sum(staged.bytes for staged in batches),
        notes=tuple(dict.fromkeys(note for staged in batches for note in staged.notes)),
    )


def _require_alike(batches: Sequence[Staged]) -> None:
    if not batches:
        raise ParameterInvalid("there is no batch to combine. Expected at least one.")
    first = batches[0]
    for other in batches:
        if other.rejects is not None:
            raise ParameterInvalid(
                f"{other.source}: {other.rejects.rows:,} rows were set aside, which a combined "
                "batch cannot carry. Stage without quarantine, or load the batches one by one."
            )
        if _shape(other) != _shape(first):
            raise SchemaMismatch(
                f"{first.source} and {other.source} do not go into one batch: {_differ(first, other)}. "
                "Nothing was loaded. Stage them under one schema, as infer_columns finds it."
            )


def _shape(staged: Staged) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in staged.columns]


def _differ(first: Staged, other: Staged) -> str:
    """Say the first thing in which the columns of two batches differ."""
    expected, found = dict(_shape(first)), dict(_shape(other))
    for name, type_ in expected.items():
        if name not in found:
            return f"the other has no column {name!r}"
        if found[name] != type_:
            return f"column {name!r} is {type_} in the one and {found[name]} in the other"
    extra = next((name for name in found if name not in expected), None)
    return f"the one has no column {extra!r}" if extra else "their columns are in another order"


def _merged(found: Sequence[tuple[Column, bool]]) -> Column:
    """Return a column with the statistics of all batches; each comes with whether it has values."""
    columns = [column for column, _ in found]
    filled = [column for column, has_values in found if has_values]
    value_of = _VALUES.get(columns[0].type, Decimal)
    lows = [column.minimum for column in filled if column.minimum is not None]
    highs = [column.maximum for column in filled if column.maximum is not None]
    # Values without a bound may lie beyond those of the other batches.
    return replace(
        columns[0],
        max_bytes=max(column.max_bytes for column in columns),
        nulls=sum(column.nulls for column in columns),
        minimum=min(lows, key=value_of) if lows and len(lows) == len(filled) else None,
        maximum=max(highs, key=value_of) if highs and len(highs) == len(filled) else None,
    )


def _parts(staged: Staged, store: ObjectStore) -> list[Part]:
    with store.open(staged.manifest) as file:
        entries = msgspec.json.decode(file.read())["entries"]
    return [
        Part(entry["url"], entry["meta"]["record_count"], entry["meta"]["content_length"])
        for entry in entries
    ]
