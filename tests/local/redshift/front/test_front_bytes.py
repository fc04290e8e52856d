"""VARCHAR(n) and CHAR(n) hold n bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.redshift.front.clients import Client

LETTERS = st.text(st.sampled_from("aßя漢🙂"), max_size=12)


def test_text_is_held_to_its_bytes(client: Client) -> None:
    """Exactly the texts that fit in UTF-8 are taken; others get Redshift's message."""
    client.run("CREATE TABLE t (v varchar(10))")

    @settings(max_examples=60, deadline=None)
    @given(LETTERS)
    def check(text: str) -> None:
        statement = f"INSERT INTO t VALUES ('{text}')"
        if len(text.encode()) <= 10:
            client.run(statement)
        else:
            error = client.refused(statement)
            assert error.pgcode == "22001"
            assert str(error).strip() == "value too long for type character varying(10)"

    check()


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE made (v varchar(4))",
        "CREATE TEMP TABLE made (v varchar(4))",
        "CREATE TABLE made (LIKE model)",
        "CREATE TABLE made AS SELECT v FROM model",
        "CREATE TABLE made (i int); ALTER TABLE made ADD COLUMN v varchar(4)",
        "CREATE TABLE made (w varchar(4)); ALTER TABLE made RENAME COLUMN w TO v",
        "SELECT v INTO made FROM model",
    ],
)
def test_every_way_to_make_a_column_is_covered(client: Client, made: str) -> None:
    """However a column came to be, three umlauts do not fit into four bytes."""
    client.run("CREATE TABLE model (v varchar(4))")
    client.run(made)
    client.run("INSERT INTO made (v) VALUES ('öö')")
    assert client.refused("INSERT INTO made (v) VALUES ('ööö')").pgcode == "22001"


def test_an_update_is_held_to_the_bytes_too(client: Client) -> None:
    """Changing a value is no way around."""
    client.run("CREATE TABLE t (v varchar(4)); INSERT INTO t VALUES ('a')")
    assert client.refused("UPDATE t SET v = 'ööö'").pgcode == "22001"


def test_a_widened_column_takes_more(client: Client) -> None:
    """ALTER COLUMN TYPE moves the limit."""
    client.run("CREATE TABLE t (v varchar(4))")
    client.run("ALTER TABLE t ALTER COLUMN v TYPE varchar(6)")
    client.run("INSERT INTO t VALUES ('ööö')")
    assert "varying(6)" in str(client.refused("INSERT INTO t VALUES ('öööö')"))


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("varchar", 256), ("text", 256), ("varchar(max)", 65535), ("nvarchar(7)", 7),
        ("character varying(12)", 12), ("char", 1), ("char(3)", 3), ("bpchar", 256),
        ("nchar(2)", 2), ("character(5)", 5),
    ],
)  # fmt: skip
def test_lengths_that_are_not_given_are_redshifts(
    client: Client, schema: str, written: str, length: int
) -> None:
    """VARCHAR alone means VARCHAR(256), and so on."""
    client.run(f"CREATE TABLE t (v {written})")
    rows = client.run(
        "SELECT character_maximum_length FROM svv_columns"
        f" WHERE table_schema = '{schema}' AND table_name = 't'"
    )
    assert rows == [(length,)]
