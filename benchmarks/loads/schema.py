"""Contacts as Arrow types: for those who make them, compare them, and are told what they are."""

import pyarrow as pa

from benchmarks.loads.job import COLUMNS

TYPES = {
    "van_id": pa.int64(),
    "date_of_birth": pa.date32(),
    "date_changed": pa.timestamp("us", "UTC"),
    "opted_in": pa.bool_(),
    "total_given": pa.decimal128(12, 2),
}
"""Of the columns that are not text."""

SCHEMA = pa.schema([(name, TYPES.get(name, pa.string())) for name in COLUMNS])

ADDRESS = pa.struct([("street", pa.string()), ("city", pa.string()), ("zip", pa.string())])
NESTED = pa.schema([*SCHEMA, ("address", ADDRESS), ("tags", pa.list_(pa.string()))])
"""Of the JSON records."""

_IN_JSON = {"date_of_birth": "string", "date_changed": "string", "total_given": "float64"}
NESTED_IN_JSON = pa.schema([pa.field(f.name, _IN_JSON.get(f.name, f.type)) for f in NESTED])
"""Of the JSON records as JSON spells their values; casts to NESTED."""
