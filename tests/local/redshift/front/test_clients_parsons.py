"""parsons' connector looks at tables and rearranges them through the front, unmodified."""

import uuid
import warnings

import pytest

from tests.local.redshift.front.clients import Client

with warnings.catch_warnings():
    # parsons warns at import about optional packages that it lacks.
    warnings.simplefilter("ignore")
    from parsons import Redshift


@pytest.fixture
def redshift(local_environment: dict[str, str]) -> Redshift:
    """The connector, set up by the environment as in production."""
    return Redshift()


@pytest.fixture
def table(client: Client, schema: str) -> str:
    """A table with two rows, its name with the schema."""
    client.run("CREATE TABLE t (id int DISTKEY, v varchar(5), n numeric(8,2)) SORTKEY(id, v)")
    client.run("INSERT INTO t VALUES (1, 'ä', 1.50), (2, NULL, NULL)")
    return f"{schema}.t"


def test_queries_and_existence(redshift: Redshift, table: str, schema: str) -> None:
    """query, table_exists, get_row_count, get_max_value, get_columns."""
    rows = redshift.query(f"SELECT id, v FROM {table} WHERE v = %s", ["ä"])
    assert rows.to_dicts() == [{"id": 1, "v": "ä"}]
    assert redshift.query("SELECT 1 WHERE false").num_rows == 0
    assert redshift.table_exists(table)
    assert not redshift.table_exists(f"{schema}.nowhere")
    assert redshift.get_row_count(table) == 2
    assert redshift.get_max_value(table, "id") == 2
    assert redshift.get_columns(schema, "t")["v"] == {
        "data_type": "character varying",
        "max_length": 5,
        "max_precision": None,
        "max_scale": None,
        "is_nullable": True,
    }


def test_keys_and_statistics(redshift: Redshift, table: str, schema: str) -> None:
    """get_distkey, get_sortkey, get_tables, get_table_stats, get_object_type."""
    assert redshift.get_distkey(schema, "t").to_dicts() == [
        {"schema_name": schema, "table_name": "t", "diststyle": "KEY", "distkey_column": "id"}
    ]
    assert redshift.get_sortkey(schema, "t")[0]["sortkey1"] == "id"
    assert redshift.get_sortkey(schema, "t")[0]["sortkey_num"] == 2
    assert redshift.get_tables(schema, "t").num_rows == 1
    assert redshift.get_table_stats(schema, "t")[0]["tbl_rows"] == 2
    assert redshift.get_object_type(table) == "table"
    assert redshift.is_table(table)
    assert not redshift.is_view(table)


def test_tables_are_rearranged(redshift: Redshift, table: str, schema: str) -> None:
    """duplicate_table, union_tables, rename_table, move_table, alter_table_column_type."""
    redshift.duplicate_table(table, f"{schema}.copied")
    redshift.union_tables(f"{schema}.both", [table, f"{schema}.copied"])
    assert redshift.get_row_count(f"{schema}.both") == 4
    redshift.union_tables(f"{schema}.seen", [table, f"{schema}.copied"], view=True)
    assert redshift.is_view(f"{schema}.seen")
    redshift.query(f"DROP VIEW {schema}.seen")
    redshift.rename_table(f"{schema}.copied", "renamed")
    redshift.move_table(f"{schema}.renamed", f"{schema}.moved", drop_source_table=True)
    assert redshift.get_row_count(f"{schema}.moved") == 2
    assert redshift.get_distkey(schema, "moved")[0]["distkey_column"] == "id"
    redshift.alter_table_column_type(f"{schema}.moved", "v", "varchar", varchar_width=80)
    assert redshift.get_columns(schema, "moved")["v"]["max_length"] == 80


def test_a_schema_for_a_group(redshift: Redshift, client: Client) -> None:
    """create_schema_with_permissions grants to a group."""
    group = f"g_{uuid.uuid4().hex[:8]}"
    client.run(f"CREATE GROUP {group}")
    redshift.create_schema_with_permissions(group, group)
    assert redshift.schema_exists(group)
    client.run(f"DROP SCHEMA {group}; DROP GROUP {group}")
