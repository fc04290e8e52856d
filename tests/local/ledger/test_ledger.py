"""The ledger: what was loaded when, from what, by whom, readable with SQL."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.local.warehouse import Ask, Stage
from utilities.redshift import LoadOptions, find_loaded, load
from utilities.references import TableName
from utilities.settings import Settings


def test_a_load_is_recorded_with_all_that_is_known_of_it(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """Counts, content, mode, watermark, deployment, flow run and time in UTC."""
    table, text = TableName(schema, "recorded"), "id,name\n1,a\n2,b\n"
    by_deployment = settings.model_copy(update={"deployment_name": "p--main--f--production"})
    options = LoadOptions(
        mode="upsert", key=("id",), watermark="2026-11-01", flow_run="0b7d2f5e-run"
    )
    load(stage("id,name\n2,old\n"), table, options, settings)
    staged = stage(text)
    loaded = load(staged, table, options, by_deployment)
    columns = (
        "load_id, batch_key, source, mode, watermark, rows_staged, rows_inserted, rows_updated, "
        "bytes_staged, deployment, flow_run"
    )
    assert ask(
        f"SELECT {columns} FROM prefect_flows.loads WHERE target = '{table}' AND rows_staged = 2"
    ) == [
        (
            loaded.load_id,
            sha256(text.encode()).hexdigest(),
            staged.source,
            "upsert",
            "2026-11-01",
            2,
            1,
            1,
            staged.bytes,
            "p--main--f--production",
            "0b7d2f5e-run",
        )
    ]
    ((loaded_at,),) = ask(
        f"SELECT MAX(loaded_at) FROM prefect_flows.loads WHERE target = '{table}'"
    )
    assert abs(datetime.now(UTC).replace(tzinfo=None) - loaded_at) < timedelta(minutes=10)


def test_many_batches_are_looked_up_at_once(stage: Stage, settings: Settings, schema: str) -> None:
    """A folder of thousands of known files costs a few queries; unknown ones are not returned."""
    table = TableName(schema, "looked_up")
    staged = stage("id\n1\n")
    load(staged, table, LoadOptions(), settings)
    unknown = [sha256(str(number).encode()).hexdigest() for number in range(1200)]
    found = find_loaded([*unknown, staged.batch_key], table, settings)
    assert list(found) == [staged.batch_key]
    assert found[staged.batch_key].rows_inserted == 1
    assert find_loaded([], table, settings) == {}


def test_more_new_columns_than_the_ledger_can_list(
    stage: Stage, ask: Ask, settings: Settings, schema: str
) -> None:
    """600 long names at once do not stop a load; the ledger lists as many as it holds."""
    table = TableName(schema, "grown")
    load(stage("id\n1\n"), table, LoadOptions(), settings)
    names = [f"{'question_' * 12}{number}" for number in range(600)]
    staged = stage(f"id,{','.join(names)}\n2,{','.join(['x%'] * 600)}\n", known={"id": "BIGINT"})
    loaded = load(staged, table, LoadOptions(), settings)
    assert loaded.columns_added == tuple(names)
    known = find_loaded([staged.batch_key], table, settings)[staged.batch_key]
    assert known.columns_added == tuple(names[: len(known.columns_added)])
    assert len(known.columns_added) > 400
