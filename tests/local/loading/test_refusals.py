"""What stands between us and the warehouse or the bucket is named, with the way out."""

import socket

import pytest

from tests.local.warehouse import Ask, Stage
from utilities.errors import AccessDenied, InvariantBroken, LoadRejected, WarehouseUnavailable
from utilities.objects import ObjectStore
from utilities.redshift import LoadOptions, load
from utilities.references import TableName
from utilities.settings import Settings


def test_an_unreachable_warehouse(stage: Stage, settings: Settings, schema: str) -> None:
    """Nobody listens at the address: try again, or mend address and allow list."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nowhere = settings.model_copy(update={"redshift_port": port})
    with pytest.raises(WarehouseUnavailable) as caught:
        load(stage("id\n1\n"), TableName(schema, "t"), LoadOptions(), nowhere)
    said = str(caught.value)
    assert said.startswith(f"Redshift at 127.0.0.1:{port} does not answer (")
    assert said.endswith(
        "Check REDSHIFT_HOST and REDSHIFT_PORT, that the cluster is running, and that this "
        "machine's address is on its allow list."
    )


def test_a_wrong_password(stage: Stage, settings: Settings, schema: str) -> None:
    """The message names user and variables, and not the password."""
    wrong = Settings.model_validate(
        {**settings.model_dump(), "redshift_password": "wrong-guess-4711"}
    )
    with pytest.raises(AccessDenied) as caught:
        load(stage("id\n1\n"), TableName(schema, "t"), LoadOptions(), wrong)
    assert "refused 'awsuser' the database 'dev'" in str(caught.value)
    assert "Check REDSHIFT_USERNAME, REDSHIFT_PASSWORD and REDSHIFT_DB." in str(caught.value)
    assert "4711" not in str(caught.value)


def test_staged_parts_that_are_gone(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Redshift's own words reach the reader, with the next step."""
    staged = stage("id\n1\n")
    ObjectStore(settings).delete([staged.manifest])
    with pytest.raises(LoadRejected, match="full path of an S3 object") as caught:
        load(staged, TableName(schema, "gone"), LoadOptions(), settings)
    assert "Nothing was loaded." in str(caught.value)
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


def test_a_bucket_that_refuses_the_credentials_of_the_copy(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """A refused key is for a person to mend; it is not told."""
    key = settings.model_copy(update={"aws_access_key_id": "AKIDPLANTED0SECRET"})
    with pytest.raises(AccessDenied, match="S3 refused Redshift the staged files") as caught:
        load(stage("id\n1\n"), TableName(schema, "refused"), LoadOptions(), key)
    assert "REDSHIFT_IAM_ROLE" in str(caught.value)
    assert "AKIDPLANTED0SECRET" not in str(caught.value)
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


def test_a_count_that_does_not_agree(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Fewer rows in the table than in the manifest is never taken for success."""
    staged = stage("id\n1\n2\n")
    wrong = type(staged)(
        staged.manifest, staged.source, staged.batch_key, staged.columns, 3, staged.bytes
    )
    with pytest.raises(InvariantBroken, match="3 rows were staged in .*, Redshift copied"):
        load(wrong, TableName(schema, "short"), LoadOptions(), settings)
    assert ask(f"SELECT COUNT(*) FROM svv_tables WHERE table_schema = '{schema}'") == [(0,)]


def test_a_value_that_the_table_forbids(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """A NOT NULL column that the file does not fill rolls everything back."""
    table = TableName(schema, "strict")
    ask(f"CREATE TABLE {table} (id BIGINT, must VARCHAR(10) NOT NULL)")
    with pytest.raises(LoadRejected, match=f"{table}: Redshift refused: .*must.* Nothing was"):
        load(stage("id,extra\n1,x\n"), table, LoadOptions(), settings)
    assert ask(f"SELECT COUNT(*) FROM {table}") == [(0,)]
    assert ask(f"SELECT COUNT(*) FROM prefect_flows.loads WHERE target = '{table}'") == [(0,)]
