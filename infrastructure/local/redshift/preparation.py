"""Prepares the database once: roles, settings, and everything in catalog/*.sql.

Safe to run at every start: a hash of the SQL files tells whether anything changed.
"""

import hashlib
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from infrastructure.local.redshift import names
from infrastructure.local.redshift.greeting import Identity
from infrastructure.local.redshift.session import Place
from infrastructure.local.sample import create_sample

ROOM = Path(__file__).parent
PATIENCE_SECONDS = 60.0
RETRY_SECONDS = 0.05

SETTINGS = {
    "timezone": "UTC",
    # Redshift's default isolation is SNAPSHOT:
    # https://docs.aws.amazon.com/redshift/latest/dg/c_serializable_isolation.html
    "default_transaction_isolation": "repeatable read",
    "allow_system_table_mods": "off",
}


class PreparationFailed(Exception):
    """The database cannot be made what the front expects; the message says what to do."""


def prepare(place: Place, identity: Identity, superuser: str) -> None:
    """Make the database what the front expects.

    Raises:
        psycopg2.Error: PostgreSQL is not there, or refused.
        PreparationFailed: the database holds what an earlier version made.
    """
    connection = _connect(place, identity.database, superuser)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET allow_system_table_mods = on")
        connection.autocommit = False
        with connection:
            _prepare_role(connection, identity)
            _prepare_catalog(connection, identity)
            _forget_dropped_tables(connection)
            _read_names(connection)
    finally:
        connection.close()


def catalog_files() -> list[Path]:
    """The SQL that makes up the catalog, in the order in which it runs."""
    return sorted(ROOM.glob("catalog/*.sql"))


def _connect(place: Place, database: str, superuser: str) -> Connection:
    """Wait for PostgreSQL, which starts at the same time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return psycopg2.connect(
                host=str(place.socket_dir), port=place.port, user=superuser, dbname=database
            )
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)


def _prepare_role(connection: Connection, identity: Identity) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [identity.user])
        if cursor.fetchone() is None:
            role = sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(sql.Identifier(identity.user))
            cursor.execute(role)


def _prepare_catalog(connection: Connection, identity: Identity) -> None:
    files = catalog_files()
    version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('redshift_catalog.version')")
        row = cursor.fetchone()
        is_new = row is None or row[0] is None
        if not is_new:
            cursor.execute("SELECT version FROM redshift_catalog.version")
            if cursor.fetchone() == (version,):
                return
        for file in files:
            try:
                cursor.execute(file.read_text())
            except psycopg2.Error as error:
                raise PreparationFailed(
                    f"{file.name} does not fit what an earlier version left in the database "
                    f"{identity.database}: {str(error).strip()}\n"
                    "`python -m infrastructure.local reset` begins with an empty one."
                ) from error
        cursor.execute("DELETE FROM redshift_catalog.version")
        cursor.execute("INSERT INTO redshift_catalog.version VALUES (%s)", [version])
        for name, value in SETTINGS.items():
            cursor.execute(
                sql.SQL("ALTER DATABASE {} SET {} = %s").format(
                    sql.Identifier(identity.database), sql.Identifier(name)
                ),
                [value],
            )
        if is_new:
            create_sample(cursor, sql.Identifier(identity.user).as_string(connection))


def _forget_dropped_tables(connection: Connection) -> None:
    """Attributes outlive a temporary table: its end is nothing that PostgreSQL tells."""
    with connection.cursor() as cursor:
        for table, column in (("attributes", "reloid"), ("constraints", "conrelid")):
            cursor.execute(
                sql.SQL(
                    "DELETE FROM redshift_catalog.{} WHERE {} NOT IN (SELECT oid FROM pg_class)"
                ).format(sql.Identifier(table), sql.Identifier(column))
            )


def _read_names(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT short, whole FROM redshift_catalog.names")
        names.full_names.update(dict(cursor.fetchall()))
