"""Stage files: typed Parquet parts and a manifest on S3, out of CSV, JSON lines and Parquet.

Stands on Arrow; memory is bounded by the size of a part, never by the file. Nothing is lost on
the way: a value either fits its type exactly, or its column stays text, or an error says where it
stands.
"""

from utilities.staging.byte_streams import content_key
from utilities.staging.schema import infer_columns
from utilities.staging.stage import stage_file

__all__ = ["content_key", "infer_columns", "stage_file"]
