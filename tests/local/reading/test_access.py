"""UNLOAD reaches the bucket by the role when there is one, and never tells a key."""

import pytest

from tests.faults import statement_proxy
from utilities.errors import FlowError
from utilities.redshift.reading import query, unload_query
from utilities.settings import Settings

ROLE = "arn:aws:iam::123456789012:role/loader"


def test_a_role_is_all_that_is_sent(settings: Settings, bucket_prefix: str) -> None:
    """With a role no key is part of a statement."""
    by_role = settings.model_copy(update={"redshift_iam_role": ROLE})
    with statement_proxy(settings) as proxy:
        through = proxy.settings(by_role)
        unload_query("SELECT 1 AS a", None, bucket_prefix, through)
        query("SELECT 1 AS a", None, through, "unload")
    unloads = [text for text in proxy.statements if text.startswith("UNLOAD")]
    assert len(unloads) == 2
    assert all(f"IAM_ROLE '{ROLE}'" in text for text in unloads)
    assert not any("aws_access_key_id" in text for text in proxy.statements)


@pytest.mark.parametrize("role", [None, ROLE])
def test_no_secret_is_in_an_error(settings: Settings, role: str | None) -> None:
    """A bucket that is not there is told without password and keys."""
    planted = Settings.model_validate(
        settings.model_dump(exclude={"redshift_password"})
        | {
            "redshift_password": settings.redshift_password,
            "redshift_iam_role": role,
            "aws_access_key_id": "PLANTEDKEY",
            "aws_secret_access_key": "planted-secret",
            "aws_session_token": "planted-token",
        }
    )
    with pytest.raises(FlowError) as caught:
        unload_query("SELECT 1 AS a", None, "s3://no-such-bucket-here/x/", planted)
    with pytest.raises(FlowError) as refused:
        query("SELECT 1 / 0 AS a", None, planted, "unload")
    told = f"{caught.value!r} {refused.value!r}"
    assert "PLANTEDKEY" not in told and "planted" not in told
    assert settings.redshift_password.get_secret_value() not in told
