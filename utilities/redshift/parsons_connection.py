"""parsons' connector on the same settings, for what the shelf does not cover."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg2.extensions import connection as Connection

from utilities.objects import ObjectStore
from utilities.redshift.access import access_clause
from utilities.redshift.connection import connected
from utilities.settings import Settings

PREFIX = "staging/parsons"
_ACCESS = "IAM_ROLE 'as the settings say'"
"""Stands in parsons' statements for role or credentials until the moment they are sent."""


def parsons_class(name: str) -> Any:
    """Return a class of parsons by its name; the import takes a second, so it waits until now."""
    with warnings.catch_warnings():
        # parsons warns at every import that `pip install parsons` now needs extras.
        warnings.simplefilter("ignore", RuntimeWarning)
        import parsons
    return getattr(parsons, name)


def parsons_redshift(settings: Settings) -> Any:
    """Return a `parsons.Redshift` on these settings.

    It connects as everything here does (verified TLS, errors that say what to mend), and reaches
    the bucket with the settings' role, or their keys with the session token, which parsons by
    itself leaves out: https://github.com/move-coop/parsons/issues/798. parsons never gets to see
    the keys, so they are in none of its logs.

    What its methods do is otherwise parsons' own: names are not quoted, and `copy` and `upsert`
    work in several transactions. Prefer `load_table`, `query_warehouse` and `unload_query`.
    """
    return _connector()(
        settings,
        username=settings.redshift_username,
        password=settings.redshift_password.get_secret_value(),
        host=settings.redshift_host,
        db=settings.redshift_db,
        port=settings.redshift_port,
        s3_temp_bucket=settings.s3_temp_bucket,
    )


def _connector() -> Any:
    redshift = parsons_class("Redshift")

    class Redshift(redshift):  # type: ignore[valid-type, misc]
        """parsons' connector with this repository's connections and access to S3."""

        def __init__(self, settings: Settings, **known: Any) -> None:
            super().__init__(**known)
            self._settings = settings

        @contextmanager
        def connection(self) -> Iterator[Connection]:
            """Open a connection, commit at the end of the block, and close it."""
            with connected(self._settings) as connection:
                connection.autocommit = False
                yield connection
                connection.commit()

        def query_with_connection(
            self, sql: str, connection: Connection, parameters: Any = None, commit: bool = True
        ) -> Any:
            """Run a statement; COPY and UNLOAD get their access to S3 here."""
            if _ACCESS not in sql:
                return super().query_with_connection(sql, connection, parameters, commit)
            access = access_clause(self._settings).as_string(connection)
            with connection.cursor() as cursor:
                cursor.execute(sql.replace(_ACCESS, access), parameters)
            if commit:
                connection.commit()
            return None

        def get_creds(self, aws_access_key_id: Any, aws_secret_access_key: Any) -> str:
            """Return what stands for role or credentials; keys given to a method do not count."""
            return f"{_ACCESS}\n"

        def temp_s3_copy(
            self,
            tbl: Any,
            aws_access_key_id: Any = None,
            aws_secret_access_key: Any = None,
            csv_encoding: str = "utf-8",
        ) -> str:
            """Put a table's rows on S3 and return the key."""
            key = f"{PREFIX}/{uuid4()}.csv.gz"
            file = tbl.to_csv(temp_file_compression="gzip", encoding=csv_encoding)
            content = Path(file).read_bytes()
            ObjectStore(self._settings).put(f"s3://{self.s3_temp_bucket}/{key}", content)
            return key

        def temp_s3_delete(self, key: str) -> None:
            """Remove what `temp_s3_copy` put there."""
            ObjectStore(self._settings).delete([f"s3://{self.s3_temp_bucket}/{key}"])

    return Redshift
