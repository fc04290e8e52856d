"""parsons' own connector works on the same settings."""

import logging
from typing import Any

import pytest

from tests.local.warehouse import Ask
from utilities.errors import AccessDenied, SourceNotFound
from utilities.objects import ObjectStore
from utilities.redshift.parsons_connection import PREFIX, parsons_class, parsons_redshift
from utilities.settings import Settings

ROWS = [{"id": 1, "name": 'Dörte, "D"'}, {"id": 2, "name": "it's"}]


@pytest.fixture
def connector(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The connector; nothing is taken from the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "REDSHIFT_HOST"):
        monkeypatch.delenv(name, raising=False)
    return parsons_redshift(settings)


def test_query(connector: Any) -> None:
    """A query with a bound value gives a parsons Table."""
    assert connector.query("SELECT %s AS x", ["it's"]).to_dicts() == [{"x": "it's"}]


def test_copy_and_upsert(connector: Any, settings: Settings, ask: Ask, schema: str) -> None:
    """copy and upsert load a table; nothing stays on S3."""
    table = parsons_class("Table")(ROWS)
    connector.copy(table, f"{schema}.people")
    changed = parsons_class("Table")([{"id": 2, "name": "new"}, {"id": 3, "name": "more"}])
    connector.upsert(changed, f"{schema}.people", "id", vacuum=False)
    assert ask(f"SELECT id, name FROM {schema}.people ORDER BY id") == [
        (1, 'Dörte, "D"'),
        (2, "new"),
        (3, "more"),
    ]
    with pytest.raises(SourceNotFound):
        ObjectStore(settings).find(f"s3://{settings.s3_temp_bucket}/{PREFIX}/")


@pytest.mark.parametrize("form", [None, "csv", "parquet"])
def test_unload(connector: Any, settings: Settings, bucket_prefix: str, form: str | None) -> None:
    """unload writes files, in each of its formats."""
    key = bucket_prefix.removeprefix(f"s3://{settings.s3_temp_bucket}/")
    connector.unload(
        "SELECT 1 AS a", settings.s3_temp_bucket, f"{key}x_", format=form, escape=form is None
    )
    names = [file.uri for file in ObjectStore(settings).find(bucket_prefix)]
    assert len(names) == 2 and f"{bucket_prefix}x_manifest" in names


def test_temporary_keys(settings: Settings, ask: Ask, schema: str) -> None:
    """Keys with a session token go to Redshift with the token."""
    temporary = settings.model_validate(
        {
            name: value.get_secret_value() if hasattr(value, "get_secret_value") else value
            for name, value in settings
        }
        | {"aws_session_token": "temporary-token"}
    )
    parsons_redshift(temporary).copy(parsons_class("Table")(ROWS), f"{schema}.people")
    assert ask(f"SELECT count(*) FROM {schema}.people") == [(2,)]


def test_no_secret_is_logged(
    connector: Any, settings: Settings, schema: str, caplog: pytest.LogCaptureFixture
) -> None:
    """parsons' logs, at their most talkative, show statements without role or keys."""
    with caplog.at_level(logging.DEBUG, logger="parsons"):
        connector.copy(parsons_class("Table")(ROWS), f"{schema}.people")
    said = " ".join(one.getMessage() for one in caplog.records if one.name.startswith("parsons"))
    assert "copy " in said and PREFIX in said
    assert "secret_access_key" not in said


def test_a_wrong_password_is_told(settings: Settings) -> None:
    """Connecting fails as it does everywhere here."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    wrong = settings.model_construct(**values | {"redshift_username": "nobody"})
    with pytest.raises(AccessDenied):
        parsons_redshift(wrong).query("SELECT 1")
