"""The warehouse: connections, tables, and loads that happen once."""

from utilities.redshift.identifiers import parse_table_name
from utilities.redshift.load import LoadOptions, Mode, find_loaded, load, table_columns

__all__ = ["LoadOptions", "Mode", "find_loaded", "load", "parse_table_name", "table_columns"]
