"""The API says the kind of a field, the data proves its type, and the table's own type stays."""

import uuid
from collections.abc import Callable
from datetime import date, datetime

import pytest

from infrastructure.local.stack import Stack
from tests.clients import ask
from tests.local.exports.conftest import FEW, Sync
from utilities.errors import SchemaMismatch
from utilities.everyaction.exports.staged_files import stage_files
from utilities.objects import ObjectStore
from utilities.references import Staged
from utilities.settings import Settings
from utilities.staging import combine

KINDS = {"Id": "N", "Zip": "T", "Score": "N", "Paid": "M", "Ok": "B", "Seen": "D"}
HEADER = "Id,Zip,Score,Paid,Ok,Seen"
Stage = Callable[..., Staged]


@pytest.fixture
def stage(settings: Settings) -> Stage:
    """Put texts on S3 as the files of an export, and stage them."""
    store = ObjectStore(settings)

    def run(*texts: str, known: dict[str, str] | None = None) -> Staged:
        place = f"s3://{settings.s3_temp_bucket}/{uuid.uuid4()}/"
        files = []
        for number, text in enumerate(texts):
            store.put(f"{place}raw/{number}.csv", text.encode())
            files.append((f"{place}raw/{number}.csv", len(text.encode())))
        batches, _ = stage_files(
            files, f"{place}staged/", store, KINDS, known or {}, "Id", lambda done, total: None
        )
        return combine(batches, place, store)

    return run


def types(staged: Staged) -> dict[str, str]:
    """Return the types by column."""
    return {column.name: column.type for column in staged.columns}


def test_kinds_become_types(stage: Stage) -> None:
    """Text stays text whatever it looks like; money has four decimals, also when spelt with two;
    columns have the order of the file."""
    staged = stage(f"{HEADER}\n1,00501,7,12.30,true,2026-01-31T10:00:00Z\n2,10001,8,5,False,\n")
    assert types(staged) == {
        "id": "BIGINT",
        "zip": "VARCHAR",
        "score": "BIGINT",
        "paid": "NUMERIC(19,4)",
        "ok": "BOOLEAN",
        "seen": "TIMESTAMPTZ",
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("7", "8"), "BIGINT"),
        (("7", "8.50"), "DOUBLE PRECISION"),
        (("", ""), "BIGINT"),
        (("7", "007"), "VARCHAR"),
        (("7", str(2**70)), "VARCHAR"),
    ],
)
def test_numbers(stage: Stage, values: tuple[str, str], expected: str) -> None:
    """All files count together; what a number would lose is text."""
    files = [f"{HEADER}\n{row},,{value},,,\n" for row, value in enumerate(values)]
    assert types(stage(*files))["score"] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("2026-01-31", "2026-02-01"), "DATE"),
        (("2026-01-31", "2026-01-31T10:00:00"), "TIMESTAMP"),
        (("2026-01-31T10:00:00", ""), "TIMESTAMP"),
        (("2026-01-31T10:00:00Z", "2026-01-31T10:00:00.25+02:00"), "TIMESTAMPTZ"),
        (("2026-01-31T10:00:00Z", "2026-01-31T10:00:00"), "VARCHAR"),
        (("1/31/2026", ""), "VARCHAR"),
    ],
)
def test_dates(stage: Stage, values: tuple[str, str], expected: str) -> None:
    """Dates are as exact as they are written; a time without a zone gets none; what is of
    several kinds is text."""
    files = [f"{HEADER}\n{row},,,,,{value}\n" for row, value in enumerate(values)]
    assert types(stage(*files))["seen"] == expected


def test_a_date_without_a_value_waits_for_its_type(stage: Stage) -> None:
    """It is left out, so that no wrong type stands in the way of the first value; a column that
    the table has stays."""
    text = f"{HEADER}\n1,,,,,\n"
    assert "seen" not in types(stage(text))
    assert types(stage(text, known={"seen": "DATE"}))["seen"] == "DATE"


def test_the_type_of_the_table_stays(stage: Stage) -> None:
    """A number may become wider, as the load makes it; anything else that does not fit is told."""
    text = f"{HEADER}\n1,501,7,1.5,true,2026-01-31\n"
    known = {
        "id": "INTEGER",
        "zip": "VARCHAR(9)",
        "score": "NUMERIC(12,2)",
        "paid": "VARCHAR(64)",
        "seen": "TIMESTAMP",
    }
    assert types(stage(text, known=known)) == {
        "id": "INTEGER",
        "zip": "VARCHAR",
        "score": "NUMERIC(12,2)",
        "paid": "VARCHAR",
        "ok": "BOOLEAN",
        "seen": "TIMESTAMP",
    }
    assert types(stage(f"{HEADER}\n3000000000,,,,,\n", known=known))["id"] == "BIGINT"
    assert types(stage(f"{HEADER}\n1,,2.125,,,\n", known=known))["score"] == "NUMERIC(23,4)"
    with pytest.raises(SchemaMismatch, match='column "Seen": "soon" does not fit TIMESTAMP'):
        stage(f"{HEADER}\n1,,,,,soon\n", known=known)


def test_later_rows_count_too(stage: Stage) -> None:
    """A value beyond the first megabyte that does not fit, or is the first of its column, gives
    all files the type that holds it."""
    long = "".join(f"{row},{'x' * 200},{row},,,\n" for row in range(20_000))
    staged = stage(f"{HEADER}\n{long}20000,,0.5,,,2026-01-31\n", f"{HEADER}\n20001,,1,,,\n")
    assert (types(staged)["score"], types(staged)["seen"]) == ("DOUBLE PRECISION", "DATE")
    assert (staged.rows, staged.columns[-1].nulls) == (20_002, 20_001)


@pytest.mark.parametrize("layout", [{"delimiter": "tab"}, {"bom": False}])
def test_other_files(small_sync: Sync, layout: dict[str, object]) -> None:
    """Tabs instead of commas, or no byte order mark: the same rows."""
    small_sync.server.order("PUT", "export", **layout)
    assert small_sync.run().rows_inserted == FEW
    assert small_sync.difference() is None


def test_a_new_custom_field_of_any_kind_becomes_a_column(stack: Stack, small_sync: Sync) -> None:
    """Text, number, date, flag and money, once somebody has a value; and the table still equals
    the server's people."""
    small_sync.run()
    for kind in "TNDBM":
        small_sync.server.order("POST", "customFields", name=f"New {kind}", type=kind)
    added = small_sync.run().columns_added
    assert added == ("new_t", "new_n", "new_d", "new_b", "new_m")
    assert small_sync.difference() is None
    found = ask(stack, f"SELECT MAX(new_d), BOOL_OR(new_b), MAX(new_m) FROM {small_sync.table}")
    assert isinstance(found[0][0], date | datetime)
