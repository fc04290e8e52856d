"""Who we are at AWS: the settings' keys when they are set, else what boto3 finds by itself.

boto3's own search ends, on ECS, at the task role, whose keys are temporary and come with a
session token: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from utilities.objects.refusals import explained
from utilities.settings import Settings

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True)
class Credentials:
    """Keys of AWS. None of them is part of the representation."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def aws_session(settings: Settings) -> "boto3.Session":
    """Return a session with the settings' keys, or with boto3's own search for them."""
    import boto3

    secret, token = settings.aws_secret_access_key, settings.aws_session_token
    return boto3.Session(
        aws_access_key_id=settings.aws_access_key_id,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        aws_session_token=token.get_secret_value() if token else None,
        region_name=settings.aws_default_region,
    )


def find_credentials(settings: Settings) -> Credentials | None:
    """Return the keys that are valid now, with the session token of temporary ones; None: there
    are none.

    Raises:
        StorageUnavailable: the service that hands them out did not answer.
    """
    secret, token = settings.aws_secret_access_key, settings.aws_session_token
    if settings.aws_access_key_id and secret:
        return Credentials(
            settings.aws_access_key_id,
            secret.get_secret_value(),
            token.get_secret_value() if token else None,
        )
    with explained("AWS credentials"):
        found = aws_session(settings).get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    if frozen is None or not frozen.access_key or not frozen.secret_key:
        return None
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token or None)
