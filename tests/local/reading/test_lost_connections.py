"""A connection that breaks while something is read leaves nothing behind, or says what is unknown."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import Moment, statement_proxy
from tests.local.warehouse import Ask
from utilities.errors import OutcomeUnknown, SourceNotFound, WarehouseUnavailable
from utilities.objects import ObjectStore
from utilities.redshift.reading import Via, execute_sql_file, query, unload_query
from utilities.settings import Settings

BOUND_SECONDS = 30.0


def is_empty(settings: Settings, prefix: str) -> bool:
    """Say whether no object lies under a prefix."""
    try:
        ObjectStore(settings).find(prefix)
    except SourceNotFound:
        return True
    return False


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("via", ["connection", "unload"])
def test_a_query_can_be_run_again(settings: Settings, via: Via, when: str) -> None:
    """Cut at any of its statements a query says "run again"; no unloaded file stays."""
    with statement_proxy(settings) as proxy:
        query("SELECT 1 AS a", None, proxy.settings(settings), via)
    assert len(proxy.statements) >= 4
    for number in range(len(proxy.statements)):
        moment = Moment(number, "before" if when == "before" else "after")
        with statement_proxy(settings, moment) as proxy:
            try:
                query("SELECT 1 AS a", None, proxy.settings(settings), via)
                assert proxy.statements[number] == "COMMIT"
            except WarehouseUnavailable as error:
                assert "Run again" in str(error)
            assert proxy.reached.wait(BOUND_SECONDS)
        assert is_empty(settings, f"s3://{settings.s3_temp_bucket}/staging/queries/")


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_unload_can_be_run_again(settings: Settings, bucket_prefix: str, when: str) -> None:
    """What a broken unload wrote does not stop the next one from writing to the same place."""
    moment = Moment("UNLOAD", "before" if when == "before" else "after")
    with statement_proxy(settings, moment) as proxy:
        with pytest.raises(WarehouseUnavailable):
            unload_query("SELECT 1 AS a", None, bucket_prefix, proxy.settings(settings))
        assert proxy.reached.wait(BOUND_SECONDS)
    assert is_empty(settings, bucket_prefix)
    assert unload_query("SELECT 1 AS a", None, bucket_prefix, settings).rows == 1


def unanswered(settings: Settings, file: Path, statement: str, *, autocommit: bool) -> str:
    """Run a file, lose the answer to a statement that was carried out, and return the error."""
    with statement_proxy(settings, Moment(statement, "after", "hold")) as proxy:
        through = proxy.settings(settings)
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(execute_sql_file, file, through, autocommit=autocommit)
            assert proxy.reached.wait(BOUND_SECONDS)
            proxy.drop()
            with pytest.raises(OutcomeUnknown) as caught:
                running.result(BOUND_SECONDS)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path, ask: Ask, schema: str) -> Path:
    """A file that inserts two rows by two statements."""
    ask(f"CREATE TABLE {schema}.t (a integer)")
    path = tmp_path / "two.sql"
    path.write_text(f"INSERT INTO {schema}.t VALUES (1);\nINSERT INTO {schema}.t VALUES (2);")
    return path


@pytest.mark.parametrize("statement", ["BEGIN", "INSERT", "COMMIT"])
def test_a_file_that_did_nothing(
    settings: Settings, ask: Ask, schema: str, file: Path, statement: str
) -> None:
    """Cut before the commit arrives nothing took effect. Only before COMMIT itself is sent is that
    certain: from then on a person has to look."""
    with statement_proxy(settings, Moment(statement, "before")) as proxy:
        with pytest.raises(OutcomeUnknown if statement == "COMMIT" else WarehouseUnavailable):
            execute_sql_file(file, proxy.settings(settings))
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(0,)]


def test_a_file_whose_commit_was_not_answered(
    settings: Settings, ask: Ask, schema: str, file: Path
) -> None:
    """It took effect and nobody knows: the error says so, and is not one that is tried again."""
    told = unanswered(settings, file, "COMMIT", autocommit=False)
    assert "Look whether it took effect before it is run again." in told
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(2,)]


def test_a_file_of_statements_by_themselves(
    settings: Settings, ask: Ask, schema: str, file: Path
) -> None:
    """The error counts what took effect for certain and names the line that may have."""
    told = unanswered(settings, file, r"INSERT INTO \S+ VALUES \(2\)", autocommit=True)
    assert "1 of 2 statements took effect for certain; look whether that of line 2 did" in told
    assert ask(f"SELECT count(*) FROM {schema}.t") == [(2,)]


def test_an_unload_that_nobody_can_end(settings: Settings, bucket_prefix: str) -> None:
    """When Redshift cannot be asked after a lost connection, the error says what to look at."""
    with statement_proxy(settings, Moment("UNLOAD", "before", "hold")) as proxy:
        broken = proxy.settings(settings)
        with ThreadPoolExecutor(1) as thread:
            unloading = thread.submit(unload_query, "SELECT 1 AS a", None, bucket_prefix, broken)
            assert proxy.reached.wait(BOUND_SECONDS)
            proxy.listener.close()
            proxy.drop()
            with pytest.raises(OutcomeUnknown) as caught:
                unloading.result(BOUND_SECONDS)
    assert "run again with existing='remove', or with another destination." in str(caught.value)
