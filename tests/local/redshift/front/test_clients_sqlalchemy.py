"""SQLAlchemy with the Redshift dialect, and pandas on top of it, unmodified."""

import pandas as pd
import pytest
import sqlalchemy as sa


@pytest.fixture
def tables(engine: sa.Engine, schema: str) -> sa.MetaData:
    """Two tables that the dialect made, one refers to the other."""
    data = sa.MetaData(schema=schema)
    sa.Table(
        "orders",
        data,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(10), unique=True),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        redshift_diststyle="KEY",
        redshift_distkey="id",
        redshift_sortkey=["id", "name"],
    )
    sa.Table(
        "lines",
        data,
        sa.Column("order_id", sa.Integer, sa.ForeignKey(f"{schema}.orders.id")),
        sa.Column("note", sa.Text),
    )
    data.create_all(engine)
    return data


def test_rows_go_in_and_out(engine: sa.Engine, tables: sa.MetaData, schema: str) -> None:
    """Inserts, selects with bound values, and a rollback."""
    orders = tables.tables[f"{schema}.orders"]
    with engine.begin() as connection:
        rows: list[dict[str, object]] = [
            {"id": 1, "name": "ä", "amount": 3},
            {"id": 2, "name": None, "amount": 4},
        ]
        connection.execute(orders.insert(), rows)
    with engine.connect() as connection:
        connection.execute(orders.delete())
        connection.rollback()
        found = connection.execute(sa.select(orders.c.name).where(orders.c.id == 1)).scalar_one()
    assert found == "ä"


def test_tables_are_reflected(engine: sa.Engine, tables: sa.MetaData, schema: str) -> None:
    """Columns, keys, distribution and sort order come back as they were declared."""
    inspector = sa.inspect(engine)
    assert sorted(inspector.get_table_names(schema)) == ["lines", "orders"]
    assert inspector.has_table("orders", schema)
    assert not inspector.has_table("nowhere", schema)
    columns = inspector.get_columns("orders", schema)
    assert [(column["name"], str(column["type"]), column["nullable"]) for column in columns] == [
        ("id", "INTEGER", False),
        ("name", "VARCHAR(10)", True),
        ("amount", "NUMERIC(10, 2)", False),
    ]
    assert inspector.get_pk_constraint("orders", schema)["constrained_columns"] == ["id"]
    [unique] = inspector.get_unique_constraints("orders", schema)
    assert unique["column_names"] == ["name"]
    assert inspector.get_check_constraints("orders", schema) == []
    [foreign] = inspector.get_foreign_keys("lines", schema)
    assert foreign["constrained_columns"] == ["order_id"]
    assert (foreign["referred_schema"], foreign["referred_table"]) == (schema, "orders")
    options = inspector.get_table_options("orders", schema)
    assert options["redshift_distkey"] == "id"
    assert options["redshift_sortkey"] == ("id", "name")


def test_reflected_metadata_can_be_used(
    engine: sa.Engine, tables: sa.MetaData, schema: str
) -> None:
    """MetaData.reflect and a table made again from it."""
    reflected = sa.MetaData(schema=schema)
    reflected.reflect(engine)
    tables.drop_all(engine)
    reflected.create_all(engine)
    assert sa.inspect(engine).get_pk_constraint("orders", schema)["constrained_columns"] == ["id"]


def test_a_frame_makes_the_round_trip(engine: sa.Engine, schema: str) -> None:
    """pandas writes a frame, and reads it back by query and by table."""
    frame = pd.DataFrame(
        {
            "number": [1, 2, 3],
            "text": ["x", "ÿ", "a;b'c"],
            "moment": pd.to_datetime(["2024-02-29 12:34:56"] * 3),
            "flag": [True, False, True],
            "share": [0.5, 1.25, -3.0],
        }
    )
    frame.to_sql("frame", engine, schema=schema, index=False)
    frame.to_sql("frame", engine, schema=schema, index=False, if_exists="replace")
    frame.to_sql("frame", engine, schema=schema, index=False, if_exists="append", method="multi")
    query = f"SELECT * FROM {schema}.frame ORDER BY number"
    read = pd.read_sql(query, engine).drop_duplicates(ignore_index=True)
    pd.testing.assert_frame_equal(read, frame, check_dtype=False)
    table = pd.read_sql_table("frame", engine, schema=schema)
    assert list(table.columns) == list(frame.columns)
    assert len(table) == 6
