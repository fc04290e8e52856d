"""CREATE and ALTER TABLE with what only Redshift has: accepted, and shown in the system views."""

from collections.abc import Callable

import pytest

from tests.local.redshift.front.clients import Client

EVERYTHING = """
CREATE TABLE everything (
    id BIGINT IDENTITY(0, 1) NOT NULL ENCODE az64,
    van_id INTEGER ENCODE az64 DISTKEY,
    name VARCHAR(40) DEFAULT 'it''s, (really)' ENCODE lzo COLLATE case_sensitive,
    price DECIMAL(12, 2) DEFAULT 0.00 ENCODE raw,
    amount NUMERIC,
    seen TIMESTAMP WITHOUT TIME ZONE DEFAULT GETDATE() SORTKEY,
    zoned TIMESTAMPTZ,
    moment TIMESTAMP WITH TIME ZONE,
    flag BOOL DEFAULT false,
    ratio DOUBLE PRECISION,
    other FLOAT8,
    data SUPER,
    raw VARBYTE(64),
    stamp DATETIME,
    PRIMARY KEY (van_id),
    UNIQUE (name, price)
) BACKUP NO DISTSTYLE KEY
"""


def definition(client: Client, table: str) -> dict[str, tuple[str, str, bool, int, bool]]:
    """Column to type, encoding, distkey, sortkey and notnull, from pg_table_def."""
    rows = client.run(
        'SELECT "column", type, encoding, distkey, sortkey, "notnull" FROM pg_table_def'
        f" WHERE tablename = '{table}'"
    )
    return {row[0]: row[1:] for row in rows}


def test_a_table_with_everything(client: Client) -> None:
    """Each attribute is taken; types and attributes come out of pg_table_def."""
    client.run(EVERYTHING)
    columns = definition(client, "everything")
    assert columns["id"] == ("bigint", "az64", False, 0, True)
    assert columns["van_id"] == ("integer", "az64", True, 0, True)
    assert columns["name"] == ("character varying(40)", "lzo", False, 0, False)
    assert columns["price"][:2] == ("numeric(12,2)", "none")
    assert columns["amount"][0] == "numeric(18,0)"
    assert columns["seen"] == ("timestamp without time zone", "none", False, 1, False)
    assert columns["moment"][0] == "timestamp with time zone"
    assert columns["data"][0] == "super"
    assert columns["stamp"][0] == "timestamp without time zone"


def test_defaults_and_identity_fill_in(client: Client) -> None:
    """IDENTITY counts from its seed, and defaults hold."""
    client.run(EVERYTHING)
    client.run("INSERT INTO everything (van_id) VALUES (5)")
    client.run("INSERT INTO everything (van_id) VALUES (5)")
    rows = client.run("SELECT id, name, price, flag, seen IS NOT NULL FROM everything ORDER BY id")
    assert [(row[0], row[1], str(row[2]), row[3], row[4]) for row in rows] == [
        (0, "it's, (really)", "0.00", False, True),
        (1, "it's, (really)", "0.00", False, True),
    ]


def test_keys_are_declared_and_not_enforced(client: Client) -> None:
    """Two rows with the same primary key are taken, as on a cluster; null is not."""
    client.run("CREATE TABLE parent (id int PRIMARY KEY)")
    client.run(
        "CREATE TABLE t (id int, p int REFERENCES parent (id), PRIMARY KEY (id), UNIQUE (p))"
    )
    client.run("INSERT INTO t VALUES (1, 9), (1, 9)")
    assert client.refused("INSERT INTO t VALUES (null, 1)").pgcode == "23502"


@pytest.mark.parametrize(
    ("attributes", "style", "sortkey1", "keys"),
    [
        ("DISTSTYLE EVEN", "EVEN", None, 0),
        ("DISTSTYLE ALL SORTKEY (b)", "ALL", "b", 1),
        ("DISTKEY (a) COMPOUND SORTKEY (b, a)", "KEY(a)", "b", 2),
        ("DISTSTYLE KEY DISTKEY(a) INTERLEAVED SORTKEY(a, b)", "KEY(a)", "a", 2),
        ("DISTSTYLE AUTO SORTKEY AUTO ENCODE AUTO", "AUTO(ALL)", None, 0),
        ("BACKUP YES", "AUTO(ALL)", None, 0),
    ],
)
def test_table_attributes_are_shown(
    client: Client, attributes: str, style: str, sortkey1: str | None, keys: int
) -> None:
    """svv_table_info tells distribution and sort keys."""
    client.run(f"CREATE TABLE shown (a int, b int) {attributes}; INSERT INTO shown VALUES (1, 2)")
    shown = (
        'SELECT diststyle, sortkey1, sortkey_num, tbl_rows FROM svv_table_info WHERE "table" = %s'
    )
    assert client.run(shown, ["shown"]) == [(style, sortkey1, keys, 1)]


def test_a_table_made_like_another(client: Client) -> None:
    """Columns, NOT NULL and attributes are taken over; defaults when asked for."""
    client.run("CREATE TABLE model (a int NOT NULL DISTKEY, b varchar(5) DEFAULT 'x' SORTKEY)")
    client.run("CREATE TEMP TABLE copied (LIKE model)")
    client.run("CREATE TABLE filled (LIKE model INCLUDING DEFAULTS)")
    assert definition(client, "copied") == definition(client, "model")
    client.run("INSERT INTO copied (a) VALUES (1)")
    client.run("INSERT INTO filled (a) VALUES (1)")
    assert client.run("SELECT c.b, f.b FROM copied c, filled f") == [(None, "x")]


@pytest.mark.parametrize(
    "head",
    ["made", "made (x, y)", "made DISTKEY(x) SORTKEY(y)", "made DISTSTYLE EVEN", "made BACKUP NO"],
)
def test_a_table_made_of_a_query(client: Client, head: str) -> None:
    """CREATE TABLE AS takes the attributes, and Redshift's functions in its query."""
    client.run(f"CREATE TABLE {head} AS SELECT 1 AS x, DATEADD(day, 1, '2024-02-28') AS y")
    assert str(client.value("SELECT y FROM made")) == "2024-02-29 00:00:00"


def test_temporary_tables_of_others_are_no_hindrance(
    client: Client, connect: Callable[[], Client]
) -> None:
    """svv_table_info shows a session its own."""
    other = connect()
    for number, one in enumerate((client, other)):
        one.run(f"CREATE TEMP TABLE own_{number} (i int SORTKEY)")
        one.run(f"INSERT INTO own_{number} VALUES (1)")
    shown = 'SELECT "table", sortkey1 FROM svv_table_info WHERE "table" LIKE \'own_%\''
    assert client.run(shown) == [("own_0", "i")]


def test_if_not_exists_keeps_what_is_there(client: Client) -> None:
    """The second CREATE changes neither the table nor its attributes."""
    client.run("CREATE TABLE t (a int DISTKEY, b int)")
    client.run("CREATE TABLE IF NOT EXISTS t (a int, b int DISTKEY)")
    assert definition(client, "t")["a"][2] is True
    assert definition(client, "t")["b"][2] is False


def test_alterations(client: Client) -> None:
    """One change to a statement: columns, names, widths, keys, attributes."""
    client.run("CREATE TABLE t (a int, v varchar(10))")
    for change in (
        "ADD COLUMN b varchar(max) ENCODE zstd",
        "ADD c super",
        "RENAME COLUMN a TO id",
        "ALTER COLUMN v TYPE varchar(300)",
        "ALTER DISTKEY id",
        "ALTER COMPOUND SORTKEY (id, v)",
        "ALTER COLUMN v ENCODE lzo",
        "ADD CONSTRAINT k PRIMARY KEY (id)",
        "DROP COLUMN c",
    ):
        client.run(f"ALTER TABLE t {change}")
    assert definition(client, "t") == {
        "id": ("integer", "none", True, 1, False),
        "v": ("character varying(300)", "lzo", False, 2, False),
        "b": ("character varying(65535)", "zstd", False, 0, False),
    }
    client.run("ALTER TABLE t RENAME TO u")
    assert definition(client, "u")["id"][2] is True


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("ADD COLUMN x int, ADD COLUMN y int", "syntax error"),
        ("ALTER COLUMN i TYPE bigint", "ALTER COLUMN TYPE to bigint is not supported"),
        ("ALTER COLUMN i TYPE varchar(10)", "which is no VARCHAR"),
        ("ALTER COLUMN d TYPE varchar(10)", "which has a default value"),
        ("ALTER COLUMN k TYPE varchar(10)", "which is part of a key"),
        ("ALTER COLUMN v TYPE varchar(2)", "value too long for type character varying(2)"),
        ("ALTER COLUMN v TYPE varchar(70000)", "cannot exceed 65535"),
        ("ALTER COLUMN v SET NOT NULL", "ALTER COLUMN ... SET is not supported"),
    ],
)
def test_what_redshift_does_not_alter(client: Client, change: str, text: str) -> None:
    """The message says what stands in the way, and nothing changes."""
    client.run(
        "CREATE TABLE t (i int, v varchar(5), d varchar(5) DEFAULT 'x', k varchar(5) UNIQUE)"
    )
    client.run("INSERT INTO t VALUES (1, 'abc', 'd', 'k')")
    before = definition(client, "t")
    assert text in str(client.refused(f"ALTER TABLE t {change}"))
    assert definition(client, "t") == before


def test_append_moves_rows(client: Client) -> None:
    """ALTER TABLE APPEND leaves the source empty; columns that differ need an option."""
    client.run("CREATE TABLE t (a int, b int); CREATE TABLE s (b int, c int)")
    client.run("INSERT INTO s VALUES (1, 2), (3, 4)")
    assert client.refused("ALTER TABLE t APPEND FROM s").pgcode == "42804"
    client.run("ALTER TABLE s DROP COLUMN c")
    client.run("ALTER TABLE t APPEND FROM s FILLTARGET")
    assert client.run("SELECT a, b FROM t ORDER BY b") == [(None, 1), (None, 3)]
    assert client.value("SELECT count(*) FROM s") == 0


def test_views_are_made_of_redshifts_sql(client: Client) -> None:
    """A view may use Redshift's functions."""
    client.run(
        "CREATE VIEW v AS SELECT NVL(NULL, 2) AS n, DATEDIFF(day, '2024-01-01', '2024-03-01') AS d"
    )
    assert client.run("SELECT * FROM v") == [(2, 60)]
    client.run("DROP VIEW IF EXISTS v")
    client.run("DROP TABLE IF EXISTS never_made")
