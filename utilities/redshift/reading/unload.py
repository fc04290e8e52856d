"""Unload the result of a query to S3."""

from dataclasses import dataclass
from typing import Literal

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from utilities.errors import OutcomeUnknown, ParameterInvalid, SourceNotFound, TryAgain
from utilities.objects import ObjectStore
from utilities.redshift.access import access_clause
from utilities.redshift.connection import connected, transaction
from utilities.redshift.identifiers import identifiers
from utilities.redshift.reading.binding import Parameters, bind
from utilities.redshift.reading.refusals import answered
from utilities.redshift.reading.sessions import end_session
from utilities.redshift.reading.statements import Statement, single_statement
from utilities.redshift.reading.unloaded import Unloaded, read_unloaded
from utilities.settings import Settings


@dataclass(frozen=True)
class UnloadOptions:
    """How a result is written to S3.

    Attributes:
        format: Parquet keeps types; CSV is for programs that read no Parquet.
        partition_by: columns by whose values the files are laid into folders (`year=2026/`), as
            Hive does; the columns themselves are left out of the files.
        keep_partition_columns: keep them in the files too.
        existing: what happens when there are objects under the destination: `refuse` raises,
            `overwrite` replaces those of the same name and leaves the others, `remove` deletes
            them first (with `partition_by`, only in folders that get new files).
        header: names in the first line of each CSV file.
        null_text: what stands for null in CSV; with the default null and empty text are alike.
        gzip: compress CSV files; Parquet is compressed in any case.
        parallel: write a file from each slice. Off, the rows lie in the query's order through
            all files.
        max_file_mib: size at which another file is begun.
    """

    format: Literal["parquet", "csv"] = "parquet"
    partition_by: tuple[str, ...] = ()
    keep_partition_columns: bool = False
    existing: Literal["refuse", "overwrite", "remove"] = "refuse"
    header: bool = True
    null_text: str = ""
    gzip: bool = False
    parallel: bool = True
    max_file_mib: int = 256


def unload_query(
    text: str,
    parameters: Parameters | None,
    destination: str,
    settings: Settings,
    options: UnloadOptions = UnloadOptions(),
) -> Unloaded:
    """Write the result of a query to S3, with a manifest that names every file.

    Args:
        text: one SELECT, with %s or %(name)s for values.
        parameters: the values.
        destination: `s3://bucket/prefix` to which Redshift adds file names.

    Raises:
        ParameterInvalid: the query, the destination or the options cannot be used.
        QueryRefused: Redshift refused the query.
        WarehouseUnavailable, StorageUnavailable: try again; nothing was left at the destination.
        OutcomeUnknown: the connection was lost, and files may have been left there.
        AccessDenied: as everywhere.
    """
    what = f"unload to {destination}"
    statement = _require_query(text, what)
    _require_options(destination, options, what)
    if options.partition_by and not destination.endswith("/"):
        destination += "/"
    store = ObjectStore(settings)
    if options.existing == "refuse":
        _require_empty(store, destination)
    with connected(settings) as connection:
        bound = bind(connection, without_limit(statement), parameters, what)
        process = connection.info.backend_pid
        try:
            with answered(what, settings), transaction(connection):
                run_unload(connection, bound, destination, settings, options)
        except TryAgain:
            connection.close()
            _take_back(process, destination, settings, options)
            raise
    unloaded, _ = read_unloaded(store, destination, has_header=_has_header(options))
    return unloaded


def run_unload(
    connection: Connection, bound: str, destination: str, settings: Settings, options: UnloadOptions
) -> None:
    """Carry out UNLOAD for a query whose values are bound already.

    The query travels as one text literal. So values are quoted twice: once as part of the query,
    by the same rules as in any statement, and once more with the whole of it; Redshift undoes the
    outer quotes, then reads the query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET extra_float_digits TO 2")
        cursor.execute(
            sql.SQL("UNLOAD ({query}) TO {destination} {access} {options}").format(
                query=sql.Literal(bound),
                destination=sql.Literal(destination),
                access=access_clause(settings),
                options=_clauses(options),
            )
        )


def _take_back(process: int, destination: str, settings: Settings, options: UnloadOptions) -> None:
    """Clear the way for another attempt: end what still writes, remove what it wrote."""
    try:
        end_session(process, settings)
        if options.existing == "refuse":
            # Nothing was there before, so what is there now is ours.
            ObjectStore(settings).empty(destination)
    except TryAgain as error:
        raise OutcomeUnknown(
            f"unload to {destination}: the connection to Redshift was lost, and what it may have "
            f"written could not be removed: {error} Look what is there, then run again with "
            "existing='remove', or with another destination."
        ) from None


def without_limit(statement: Statement) -> str:
    """Return a query that UNLOAD takes: it refuses a LIMIT in the outermost SELECT.

    https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-usage-limit-clause
    """
    if not statement.is_limited:
        return statement.text
    return f"SELECT * FROM ({statement.text}\n) AS limited"


def _clauses(options: UnloadOptions) -> sql.Composable:
    clauses: list[sql.Composable] = [
        sql.SQL(f"FORMAT AS {options.format.upper()} MANIFEST VERBOSE")
    ]
    if options.partition_by:
        clauses.append(sql.SQL("PARTITION BY ({})").format(identifiers(options.partition_by)))
        if options.keep_partition_columns:
            clauses.append(sql.SQL("INCLUDE"))
    if _has_header(options):
        clauses.append(sql.SQL("HEADER"))
    if options.null_text:
        clauses.append(sql.SQL("NULL AS {}").format(sql.Literal(options.null_text)))
    if options.gzip:
        clauses.append(sql.SQL("GZIP"))
    if options.existing != "refuse":
        words = {"overwrite": "ALLOWOVERWRITE", "remove": "CLEANPATH"}
        clauses.append(sql.SQL(words[options.existing]))
    clauses.append(sql.SQL(f"PARALLEL {'ON' if options.parallel else 'OFF'}"))
    clauses.append(sql.SQL("MAXFILESIZE {} MB").format(sql.Literal(options.max_file_mib)))
    return sql.SQL(" ").join(clauses)


def _has_header(options: UnloadOptions) -> bool:
    return options.format == "csv" and options.header


def _require_query(text: str, what: str) -> Statement:
    statement = single_statement(text, what)
    if not statement.is_select:
        raise ParameterInvalid(f"{what}: found {statement.keyword}, expected a SELECT.")
    return statement


def _require_options(destination: str, options: UnloadOptions, what: str) -> None:
    bucket = destination.removeprefix("s3://").partition("/")[0]
    if not destination.startswith("s3://") or not bucket:
        raise ParameterInvalid(f"{what}: not an address on S3; expected s3://bucket/prefix.")
    if options.format == "parquet" and (options.gzip or options.null_text):
        raise ParameterInvalid(
            f"{what}: gzip and null_text are for CSV; Parquet is compressed and has nulls."
        )
    if not 5 <= options.max_file_mib <= 6200:
        raise ParameterInvalid(
            f"{what}: max_file_mib is {options.max_file_mib}; Redshift takes 5 to 6200."
        )


def _require_empty(store: ObjectStore, destination: str) -> None:
    try:
        found = store.find(destination)
    except SourceNotFound:
        return
    raise ParameterInvalid(
        f"{destination}: {len(found)} objects are there already, first {found[0].uri}. Choose "
        "another destination, or existing='overwrite' or 'remove'."
    )
