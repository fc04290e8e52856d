"""Unload the result of a query to S3."""

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from utilities.errors import FlowError, OutcomeUnknown, ParameterInvalid, SourceNotFound
from utilities.objects import ObjectStore
from utilities.redshift.access import access_clause
from utilities.redshift.connection import connected, transaction
from utilities.redshift.reading.binding import Parameters, bind
from utilities.redshift.reading.refusals import answered
from utilities.redshift.reading.sessions import end_session
from utilities.redshift.reading.statements import Statement, single_statement
from utilities.redshift.reading.unload_options import UnloadOptions
from utilities.redshift.reading.unloaded import Unloaded, read_unloaded
from utilities.settings import Settings


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
        OutcomeUnknown: it failed, and files may have been left there.
        AccessDenied: as everywhere.
    """
    what = f"unload to {destination}"
    statement = _require_query(text, what)
    _require_address(destination, what)
    options.require_sense(what)
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
            return read_unloaded(store, destination, has_header=options.has_header)[0]
        except FlowError as error:
            connection.close()
            _take_back(process, destination, settings, options, error)
            raise


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
                options=options.clauses(),
            )
        )


def _take_back(
    process: int, destination: str, settings: Settings, options: UnloadOptions, failure: FlowError
) -> None:
    """Clear the way for another attempt: end what still writes, remove what it wrote."""
    try:
        end_session(process, settings)
        if options.existing == "refuse":
            # Nothing was there before, so what is there now is ours.
            ObjectStore(settings).empty(destination)
    except FlowError as error:
        raise OutcomeUnknown(
            f"{failure} What was written to {destination} could not be removed: {error} Look what is "
            "there, then run again with existing='remove', or with another destination."
        ) from None


def without_limit(statement: Statement) -> str:
    """Return a query that UNLOAD takes: it refuses a LIMIT in the outermost SELECT.

    https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-usage-limit-clause
    """
    if not statement.is_limited:
        return statement.text
    return f"SELECT * FROM ({statement.text}\n) AS limited"


def _require_query(text: str, what: str) -> Statement:
    statement = single_statement(text, what)
    if not statement.is_select:
        raise ParameterInvalid(f"{what}: found {statement.keyword}, expected a SELECT.")
    return statement


def _require_empty(store: ObjectStore, destination: str) -> None:
    try:
        found = store.find(destination)
    except SourceNotFound:
        return
    raise ParameterInvalid(
        f"{destination}: {len(found)} objects are there already, first {found[0].uri}. Choose "
        "another destination, or existing='overwrite' or 'remove'."
    )


def _require_address(destination: str, what: str) -> None:
    bucket = destination.removeprefix("s3://").partition("/")[0]
    if not destination.startswith("s3://") or not bucket:
        raise ParameterInvalid(f"{what}: not an address on S3; expected s3://bucket/prefix.")
