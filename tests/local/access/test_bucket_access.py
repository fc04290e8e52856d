"""What Redshift is given to reach the bucket, in the statements that it really gets."""

from collections.abc import Callable

import pytest

from tests.faults import statement_proxy
from tests.local.warehouse import Ask, Stage
from utilities.errors import AccessDenied, LoadRejected, StorageUnavailable
from utilities.objects import Credentials, ObjectStore
from utilities.redshift import LoadOptions, load
from utilities.redshift.refusals import without_secrets
from utilities.references import Staged, TableName
from utilities.settings import Settings

ROWS = "id,name\n1,one\n2,two\n"
ROLE = "arn:aws:iam::123456789012:role/redshift-reads-staging"


def loaded_statements(staged: Staged, table: TableName, settings: Settings) -> list[str]:
    """Load, and return every statement that went to Redshift."""
    with statement_proxy(settings) as proxy:
        assert load(staged, table, LoadOptions(), proxy.settings(settings)).rows_inserted == 2
    return proxy.statements


@pytest.mark.parametrize("role", [ROLE, "default"])
def test_a_role_stands_in_for_every_key(
    stage: Stage, settings: Settings, schema: str, role: str
) -> None:
    """With REDSHIFT_IAM_ROLE no statement holds a key, a secret or a token."""
    planted = {"aws_session_token": "planted-session-token"}
    with_role = Settings.model_validate(
        {**settings.model_dump(), **planted, "redshift_iam_role": role}
    )
    statements = loaded_statements(stage(ROWS), TableName(schema, "by_role"), with_role)
    (copy,) = [text for text in statements if text.startswith("COPY")]
    assert ("IAM_ROLE default" if role == "default" else f"IAM_ROLE '{ROLE}'") in copy
    said = "\n".join(statements)
    for word in ("CREDENTIALS", "aws_secret_access_key", "planted-session-token"):
        assert word not in said


def test_temporary_keys_of_the_settings_go_with_their_token(
    stage: Stage, settings: Settings, schema: str, temporary_keys: Credentials
) -> None:
    """Key, secret and session token stand in the COPY, and in no other statement."""
    temporary = Settings.model_validate(
        {
            **settings.model_dump(),
            "aws_access_key_id": temporary_keys.access_key_id,
            "aws_secret_access_key": temporary_keys.secret_access_key,
            "aws_session_token": temporary_keys.session_token,
        }
    )
    statements = loaded_statements(stage(ROWS), TableName(schema, "by_keys"), temporary)
    _only_in_the_copy(statements, temporary_keys)


def test_the_role_of_a_container_is_enough(
    stage: Stage,
    settings: Settings,
    schema: str,
    temporary_keys: Credentials,
    container: Callable[[], int],
) -> None:
    """On ECS no setting holds a key: the task role's, which boto3 finds, are used for S3 and go
    into the COPY, with their session token."""
    keyless = settings.model_copy(update={"aws_access_key_id": None, "aws_secret_access_key": None})
    staged = stage(ROWS)
    statements = loaded_statements(staged, TableName(schema, "by_container"), keyless)
    _only_in_the_copy(statements, temporary_keys)
    assert ObjectStore(keyless).size(staged.manifest) > 0
    assert container() > 0


def test_keys_that_boto3_found_are_left_out_of_messages(
    stage: Stage,
    settings: Settings,
    schema: str,
    temporary_keys: Credentials,
    container: Callable[[], int],
) -> None:
    """No setting knows them; a message that would quote them has stars instead."""
    keyless = settings.model_copy(update={"aws_access_key_id": None, "aws_secret_access_key": None})
    staged = stage(ROWS)
    ObjectStore(settings).delete([staged.manifest])
    with pytest.raises(LoadRejected):
        load(staged, TableName(schema, "gone"), LoadOptions(), keyless)
    found = temporary_keys
    quoted = f"COPY {found.access_key_id} {found.secret_access_key} {found.session_token}"
    assert without_secrets(quoted, keyless) == "COPY *** *** ***"


def test_no_keys_at_all(stage: Stage, settings: Settings, schema: str, ask: Ask) -> None:
    """The message names the settings that are missing; there is no table."""
    keyless = settings.model_copy(update={"aws_access_key_id": None, "aws_secret_access_key": None})
    staged = stage(ROWS)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
            environment.delenv(f"AWS_{name}", raising=False)
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with pytest.raises(AccessDenied, match="REDSHIFT_IAM_ROLE.*AWS_ACCESS_KEY_ID"):
            load(staged, TableName(schema, "keyless"), LoadOptions(), keyless)
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


def test_a_container_that_hands_out_no_keys_may_do_so_later(
    stage: Stage, settings: Settings, schema: str
) -> None:
    """Its service does not answer: nothing is wrong with the configuration."""
    keyless = settings.model_copy(update={"aws_access_key_id": None, "aws_secret_access_key": None})
    staged = stage(ROWS)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
            environment.delenv(f"AWS_{name}", raising=False)
        # Nobody listens on loopback's discard port.
        environment.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/role")
        with pytest.raises(StorageUnavailable, match="hands out AWS credentials"):
            load(staged, TableName(schema, "later"), LoadOptions(), keyless)


def _only_in_the_copy(statements: list[str], keys: Credentials) -> None:
    (copy,) = [text for text in statements if text.startswith("COPY")]
    others = "\n".join(text for text in statements if text != copy)
    for value in (keys.access_key_id, keys.secret_access_key, keys.session_token):
        assert value and value in copy
        assert value not in others
