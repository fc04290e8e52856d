"""What Redshift is given to reach the bucket: a role when there is one, else our credentials."""

from psycopg2 import sql

from utilities.errors import AccessDenied
from utilities.redshift.identifiers import identifier
from utilities.settings import Settings


def copy_statement(table: str, manifest: str, settings: Settings) -> sql.Composable:
    """Return the COPY that fills a session table from the Parquet parts of a manifest."""
    return sql.SQL("COPY {table} FROM {manifest} {access} FORMAT AS PARQUET MANIFEST").format(
        table=identifier(table),
        manifest=sql.Literal(manifest),
        access=_access(settings),
    )


def _access(settings: Settings) -> sql.Composable:
    """Return the clause for role or credentials, in the forms that Parquet allows.

    https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
    """
    role = settings.redshift_iam_role
    if role == "default":
        return sql.SQL("IAM_ROLE default")
    if role is not None:
        return sql.SQL("IAM_ROLE {}").format(sql.Literal(role))
    key, secret, token = _credentials(settings)
    words = {"aws_access_key_id": key, "aws_secret_access_key": secret, "token": token}
    clause = ";".join(f"{name}={value}" for name, value in words.items() if value)
    return sql.SQL("CREDENTIALS {}").format(sql.Literal(clause))


def _credentials(settings: Settings) -> tuple[str, str, str | None]:
    """Return key, secret and session token: the settings', else those that boto3 finds."""
    if settings.aws_access_key_id and settings.aws_secret_access_key:
        token = settings.aws_session_token
        return (
            settings.aws_access_key_id,
            settings.aws_secret_access_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )
    import boto3

    found = boto3.Session().get_credentials()
    frozen = found.get_frozen_credentials() if found else None
    if frozen is None or not frozen.access_key or not frozen.secret_key:
        raise AccessDenied(
            "COPY needs access to the bucket, and there are no AWS credentials to hand to Redshift. "
            "Set REDSHIFT_IAM_ROLE (best), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    return frozen.access_key, frozen.secret_key, frozen.token
