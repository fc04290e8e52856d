"""Stage rows: typed Parquet parts and a manifest on S3, out of files, API pages, records and tables.

Stands on Arrow; memory is bounded by the size of a part, never by the source. Nothing is lost on
the way: a value either fits its type exactly, or its column stays text, or an error says where it
stands, or its row is set aside where that is allowed.
"""

from utilities.staging.byte_streams import content_key
from utilities.staging.combine import combine
from utilities.staging.declared import declare
from utilities.staging.infer import infer_columns
from utilities.staging.json_pages import JsonPages
from utilities.staging.options import StageOptions
from utilities.staging.stage import stage

__all__ = [
    "JsonPages",
    "StageOptions",
    "combine",
    "content_key",
    "declare",
    "infer_columns",
    "stage",
]
