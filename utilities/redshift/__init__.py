"""The warehouse: connections, tables, and loads that happen once."""

from utilities.redshift.identifiers import parse_table_name
from utilities.redshift.load import load
from utilities.redshift.options import LoadOptions, Mode, TableDesign
from utilities.redshift.rejects import rejects_table
from utilities.redshift.state import (
    find_loaded,
    find_recent_loads,
    find_watermark,
    table_columns,
)

__all__ = [
    "LoadOptions",
    "Mode",
    "TableDesign",
    "find_loaded",
    "find_recent_loads",
    "find_watermark",
    "load",
    "parse_table_name",
    "rejects_table",
    "table_columns",
]
