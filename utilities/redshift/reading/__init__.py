"""Read from the warehouse: queries, unloads, files of statements."""

from utilities.redshift.reading.binding import Parameters
from utilities.redshift.reading.query import QueryResult, Via, query
from utilities.redshift.reading.sql_files import Executed, execute_sql_file
from utilities.redshift.reading.unload import unload_query
from utilities.redshift.reading.unload_options import UnloadOptions
from utilities.redshift.reading.unloaded import Unloaded

__all__ = [
    "Executed",
    "Parameters",
    "QueryResult",
    "UnloadOptions",
    "Unloaded",
    "Via",
    "execute_sql_file",
    "query",
    "unload_query",
]
