"""Which way a result takes, and what it leaves behind."""

import pytest

from tests.local.warehouse import Ask
from utilities.errors import ParameterInvalid, QueryRefused, SourceNotFound
from utilities.objects import ObjectStore
from utilities.redshift.reading import Via, query
from utilities.redshift.reading.query import SMALL_BYTES, SMALL_ROWS
from utilities.redshift.reading.unload_way import PREFIX
from utilities.settings import Settings


def leftovers(settings: Settings) -> list[str]:
    """Return the addresses of unloaded files that nobody removed."""
    try:
        found = ObjectStore(settings).find(f"s3://{settings.s3_temp_bucket}/{PREFIX}/")
    except SourceNotFound:
        return []
    return [file.uri for file in found]


@pytest.fixture
def numbers(ask: Ask, schema: str) -> str:
    """A table with one row more than what is small."""
    ask(
        f"CREATE TABLE {schema}.numbers AS SELECT g AS n, 'row ' || g AS v"
        f" FROM generate_series(1, {SMALL_ROWS + 1}) g"
    )
    return f"{schema}.numbers"


def test_the_number_of_rows_decides(settings: Settings, numbers: str) -> None:
    """Up to the bound a result comes over the connection, one row more is unloaded; no file stays."""
    text = f"SELECT n, v FROM {numbers} WHERE n <= %s ORDER BY n DESC -- newest first"
    small = query(text, (SMALL_ROWS,), settings)
    assert (small.via, small.arrow().num_rows) == ("connection", SMALL_ROWS)
    large = query(text, (SMALL_ROWS + 1,), settings)
    assert (large.via, large.arrow().num_rows) == ("unload", SMALL_ROWS + 1)
    assert large.arrow().slice(1).equals(small.arrow())
    assert large.arrow().equals(query(text, (SMALL_ROWS + 1,), settings, "connection").arrow())
    assert leftovers(settings) == []


def test_the_bytes_decide(settings: Settings) -> None:
    """Few rows of long texts are a large result too."""
    rows = SMALL_BYTES // 60_000 + 1
    result = query(
        f"SELECT repeat('x', 60000) AS v FROM generate_series(1, {rows})", None, settings
    )
    assert (result.via, result.arrow().num_rows) == ("unload", rows)


def test_a_limited_query_stays_on_the_connection(settings: Settings, numbers: str) -> None:
    """The first n rows in an order are the first n rows in that order."""
    text = f"SELECT n FROM {numbers} ORDER BY n DESC LIMIT {SMALL_ROWS + 1}"
    result = query(text, None, settings)
    assert (result.via, result.arrow().num_rows) == ("connection", SMALL_ROWS + 1)
    assert result.arrow().column("n")[0].as_py() == SMALL_ROWS + 1
    with pytest.raises(ParameterInvalid) as caught:
        query(text, None, settings, "unload")
    assert "UNLOAD takes no LIMIT beside an ORDER BY" in str(caught.value)


def test_a_limit_without_an_order_is_unloaded(settings: Settings, numbers: str) -> None:
    """Any n rows will do when no order is asked for."""
    result = query(f"SELECT n FROM {numbers} LIMIT 7", None, settings, "unload")
    assert (result.via, result.arrow().num_rows) == ("unload", 7)


@pytest.mark.parametrize("via", ["connection", "unload", "auto"])
@pytest.mark.parametrize(
    "text",
    [
        "WITH w AS (SELECT g AS n FROM generate_series(1, 3) g) SELECT n FROM w ORDER BY n DESC",
        "(SELECT 2 AS n UNION ALL SELECT 3 AS n) UNION ALL SELECT 1 ORDER BY n DESC",
        "((SELECT g AS n FROM generate_series(1, 3) g ORDER BY n DESC)) -- all",
        "/* first */ select distinct g as n from generate_series(1, 3) g order by 1 desc;",
    ],
)
def test_forms_of_queries(settings: Settings, via: Via, text: str) -> None:
    """Whatever a SELECT begins and ends with, its rows come in its order."""
    assert query(text, None, settings, via).arrow().to_pydict() == {"n": [3, 2, 1]}


def test_other_statements_that_return_rows(settings: Settings) -> None:
    """SHOW and EXPLAIN return their rows over the connection, and are not unloaded."""
    assert query("SHOW search_path", None, settings).arrow().num_rows == 1
    assert query("EXPLAIN SELECT 1", None, settings).arrow().num_rows >= 1
    with pytest.raises(ParameterInvalid) as caught:
        query("SHOW search_path", None, settings, "unload")
    assert "UNLOAD takes a SELECT, found SHOW." in str(caught.value)


def test_a_statement_without_rows_does_nothing(settings: Settings, ask: Ask, schema: str) -> None:
    """A query that writes is refused, and what it wrote is rolled back."""
    ask(f"CREATE TABLE {schema}.t (a integer)")
    with pytest.raises(ParameterInvalid) as caught:
        query(f"INSERT INTO {schema}.t VALUES (1)", None, settings)
    assert "returns no rows, and was rolled back" in str(caught.value)
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(0,)]


def test_a_misspelt_way(settings: Settings) -> None:
    """It is never taken for the default."""
    with pytest.raises(ParameterInvalid) as caught:
        query("SELECT 1 AS a", None, settings, "unloaded")  # type: ignore[arg-type]
    assert "via='unloaded' is no choice. Expected one of auto, connection, unload." in str(
        caught.value
    )


@pytest.mark.parametrize("via", ["connection", "unload"])
def test_columns_of_one_name(settings: Settings, via: str) -> None:
    """Two columns of one name are refused, with the name."""
    with pytest.raises(ParameterInvalid) as caught:
        query("SELECT 1 AS a, 2 AS a", None, settings, "unload" if via == "unload" else "auto")
    assert "2 columns are named 'a'. Give each a name of its own with AS." in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT 1; SELECT 2", "found 2 statements, expected one"),
        (" -- nothing", "found 0 statements, expected one"),
        ("SELECT 'a", "a quote, a dollar quote or a comment is not closed"),
    ],
)
def test_texts_that_are_not_one_statement(settings: Settings, text: str, told: str) -> None:
    """More than one statement, or none, or half of one, is refused."""
    with pytest.raises(ParameterInvalid) as caught:
        query(text, None, settings)
    assert told in str(caught.value)


@pytest.mark.parametrize("via", ["connection", "unload"])
def test_a_refused_query(settings: Settings, via: str) -> None:
    """Redshift's code and message are told, with the beginning of the query; no file stays."""
    with pytest.raises(QueryRefused) as caught:
        query("SELECT 1 / 0 AS x", None, settings, "unload" if via == "unload" else "auto")
    assert "query 'SELECT 1 / 0 AS x': Redshift refused (22012): division by zero" in str(
        caught.value
    )
    assert leftovers(settings) == []
