"""The warehouse: connections, tables, and loads that happen once."""

from utilities.redshift.identifiers import parse_table_name
from utilities.redshift.load import load
from utilities.redshift.options import LoadOptions, Mode
from utilities.redshift.state import find_loaded, table_columns

__all__ = ["LoadOptions", "Mode", "find_loaded", "load", "parse_table_name", "table_columns"]
