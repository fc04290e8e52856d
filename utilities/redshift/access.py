"""What Redshift is given to reach the bucket: a role when there is one, else our credentials."""

from psycopg2 import sql

from utilities.errors import AccessDenied
from utilities.objects import Credentials, find_credentials
from utilities.redshift.identifiers import identifier
from utilities.settings import Settings

REMEMBERED = 100
"""Sets of keys: more than a long-lived process gets to see while a message about one can come."""

_handed_out: dict[Credentials, None] = {}


def copy_statement(table: str, manifest: str, settings: Settings) -> sql.Composable:
    """Return the COPY that fills a session table from the Parquet parts of a manifest."""
    return sql.SQL("COPY {table} FROM {manifest} {access} FORMAT AS PARQUET MANIFEST").format(
        table=identifier(table),
        manifest=sql.Literal(manifest),
        access=access_clause(settings),
    )


def access_clause(settings: Settings) -> sql.Composable:
    """Return the clause for role or credentials, in the form that COPY and UNLOAD share.

    Parquet allows no other: a role, or a text with the keys and their session token.
    https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html

    Raises:
        AccessDenied: there is neither a role nor a key.
        StorageUnavailable: the service that hands out keys did not answer.
    """
    role = settings.redshift_iam_role
    if role == "default":
        return sql.SQL("IAM_ROLE default")
    if role is not None:
        return sql.SQL("IAM_ROLE {}").format(sql.Literal(role))
    found = find_credentials(settings)
    if found is None:
        raise AccessDenied(
            "Redshift needs access to the bucket, and there are no AWS credentials to hand to it. "
            "Set REDSHIFT_IAM_ROLE (best), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    _remember(found)
    words = {
        "aws_access_key_id": found.access_key_id,
        "aws_secret_access_key": found.secret_access_key,
        "token": found.session_token,
    }
    clause = ";".join(f"{name}={value}" for name, value in words.items() if value)
    return sql.SQL("CREDENTIALS {}").format(sql.Literal(clause))


def handed_out() -> list[str]:
    """Return every key, secret and token that this process has put into a statement.

    boto3 finds keys that no setting holds, and exchanges them while the process runs; whoever
    writes a message must know them to leave them out.
    """
    return [
        value
        for found in list(_handed_out)
        for value in (found.access_key_id, found.secret_access_key, found.session_token)
        if value
    ]


def _remember(found: Credentials) -> None:
    _handed_out[found] = None
    for oldest in list(_handed_out)[:-REMEMBERED]:
        _handed_out.pop(oldest, None)
