"""Many records go to EveryAction as one file, once, and every row's result comes back."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.local.warehouse import settings
from tests.manual_time import ManualTime
from tests.scripted_server import Answer, Drop, ScriptedServer
from utilities.errors import ApiRefused, ApiUnavailable, OutcomeUnknown, ParameterInvalid
from utilities.everyaction import call, connect
from utilities.everyaction.imports import ImportLayout, StartedImport, finish_import, start_import
from utilities.everyaction.imports.rows import as_text, rows_of
from utilities.everyaction.imports.zipped import zip_rows
from utilities.everyaction.polling import Polling
from utilities.objects import ObjectStore
from utilities.redshift.reading import unload_query
from utilities.settings import Settings
from utilities.staging import stage

__all__ = ["settings"]

CONTACTS = ImportLayout(
    "Contacts",
    ({"name": "CreateOrUpdateContact"},),
    ("vanid", "firstname", "lastname"),
    "Names, mended",
    repeated=("firstname",),
)
QUICKLY = Polling(first_pause_seconds=0.02, longest_pause_seconds=0.1)


@pytest.fixture
def server(settings: Settings) -> Any:
    """parsons' VAN, connected to the stack's EveryAction."""
    return connect(settings, lambda: None)


@pytest.fixture
def people(server: Any) -> list[int]:
    """Ids of a few people."""
    return [
        call(
            server,
            "POST",
            "people/findOrCreate",
            json={
                "firstName": "A",
                "lastName": f"B{n}",
                "emails": [{"email": f"a{n}@example.org"}],
            },
        )["vanId"]
        for n in range(3)
    ]


def name_of(van: Any, van_id: int) -> tuple[str, str]:
    """Return a person's names as EveryAction has them."""
    found = call(van, "GET", f"people/{van_id}")
    return found["firstName"], found["lastName"]


def rows_for(people: list[int]) -> list[dict[str, Any]]:
    """Return new names for people, with all that makes a CSV difficult."""
    return [
        {"vanid": van_id, "firstname": f'Ada "{n}"', "lastname": "Lovelace, née\nByron"}
        for n, van_id in enumerate(people)
    ]


def test_rows_arrive_as_they_are(server: Any, settings: Settings, people: list[int]) -> None:
    """Quotes, commas, line breaks and letters of any language survive the way there."""
    started = start_import(server, rows_for(people), CONTACTS, settings)
    imported = finish_import(server, started, settings, QUICKLY)
    assert (imported.rows, imported.rows_processed, imported.rows_with_messages) == (3, 3, 0)
    assert imported.status == "Completed"
    for number, van_id in enumerate(people):
        assert name_of(server, van_id) == (f'Ada "{number}"', "Lovelace, née\nByron")


def test_a_staged_batch_is_imported(
    server: Any, settings: Settings, people: list[int], bucket_prefix: str
) -> None:
    """What `stage_records` has put on S3 can be sent."""
    store = ObjectStore(settings)
    staged = stage(rows_for(people), destination=bucket_prefix, store=store)
    started = start_import(server, staged, CONTACTS, settings)
    assert finish_import(server, started, settings, QUICKLY).rows_processed == 3
    assert name_of(server, people[2])[0] == 'Ada "2"'


def test_the_result_of_a_query_is_imported(
    server: Any, settings: Settings, people: list[int], bucket_prefix: str
) -> None:
    """What `unload_query` has put on S3 can be sent; a column more in it does not matter."""
    sql = f"SELECT {people[0]} AS vanid, 'Grace' AS firstname, 'Hopper' AS lastname, 1 AS more"
    unloaded = unload_query(sql, None, bucket_prefix, settings)
    started = start_import(server, unloaded, CONTACTS, settings)
    assert finish_import(server, started, settings, QUICKLY).rows_processed == 1
    assert name_of(server, people[0]) == ("Grace", "Hopper")


def test_a_query_without_rows_sends_nothing(
    server: Any, settings: Settings, bucket_prefix: str
) -> None:
    """No job is made of nothing."""
    sql = "SELECT 1 AS vanid, 'a' AS firstname, 'b' AS lastname WHERE 1 = 0"
    started = start_import(
        server, unload_query(sql, None, bucket_prefix, settings), CONTACTS, settings
    )
    assert (started.job_id, started.rows) == (None, 0)
    imported = finish_import(server, started, settings, QUICKLY)
    assert (imported.status, imported.result_files) == ("no rows", ())


def test_rows_with_messages_are_counted(server: Any, settings: Settings, people: list[int]) -> None:
    """What EveryAction did not take of a row is counted, and the first few are shown."""
    rows = [*rows_for(people), {"vanid": 999_999_999, "firstname": "No", "lastname": "Body"}]
    imported = finish_import(
        server, start_import(server, rows, CONTACTS, settings), settings, QUICKLY
    )
    assert (imported.rows_processed, imported.rows_with_messages) == (4, 1)
    assert imported.examples == ("row 4: CreateOrUpdateContact_1: Invalid VanID",)


def test_all_result_files_are_brought(
    api: ScriptedServer, van: Any, settings: Settings, bucket_prefix: str, time: ManualTime
) -> None:
    """Several files, also behind links that have expired meanwhile, are counted together."""
    header = b"BulkUploadDataID,ULFileID,PrimaryKey,PrimaryKeyType,ExternalID,Phones_18\r\n"
    first = header + b"1,9,1,VanID,Processed as x,Processed\r\n2,9,2,VanID,x,Invalid phone\r\n"
    second = b"\xef\xbb\xbf" + header + b"3,9,3,VanID,x,\r\n"
    files = [{"url": f"{api.url}{n}.csv"} for n in (1, 2)]
    api.script(
        Answer(200, {"id": 4, "status": "Pending"}),
        Answer(200, {"id": 4, "status": "InProgress"}),
        Answer(200, {"id": 4, "status": "InProgressWithErrors"}),
        Answer(200, {"id": 4, "status": "CompletedWithErrors", "resultFiles": files}),
        Answer(200, first),
        Answer(403),
        Answer(200, {"id": 4, "status": "CompletedWithErrors", "resultFiles": files}),
        Answer(200, second),
    )
    started = StartedImport(4, 5, bucket_prefix, ("ExternalID",))
    polling = Polling(now=time.now, sleep=time.sleep)
    imported = finish_import(van, started, settings, polling)
    assert (imported.rows, imported.rows_processed, imported.rows_with_messages) == (5, 3, 1)
    assert imported.examples == ("row 2: Phones_18: Invalid phone",)
    store = ObjectStore(settings)
    with store.open(imported.result_files[1]) as file:
        assert file.read() == second
    assert len(imported.result_files) == 2


def test_a_lost_answer_is_not_repeated(api: ScriptedServer, van: Any, settings: Settings) -> None:
    """The import is posted once; the error says by which name to look for it."""
    api.script(Drop())
    with pytest.raises(OutcomeUnknown, match="called 'Names, mended'"):
        start_import(van, [{"vanid": 1, "firstname": "A", "lastname": "B"}], CONTACTS, settings)
    assert api.calls == [("POST", "/v4/bulkImportJobs")]


def test_a_failed_import_has_the_reasons(
    api: ScriptedServer, van: Any, settings: Settings, bucket_prefix: str
) -> None:
    """EveryAction's own words are in the error."""
    errors = [{"code": "INVALID_FILE", "text": "Row 3 has 2 columns"}]
    api.script(Answer(200, {"id": 4, "status": "Failed", "errors": errors}))
    with pytest.raises(ApiRefused, match="4: Failed: INVALID_FILE: Row 3 has 2 columns") as caught:
        finish_import(van, StartedImport(4, 5, bucket_prefix), settings)
    assert caught.value.reasons == (("INVALID_FILE", "Row 3 has 2 columns"),)


def test_an_import_that_does_not_end_is_given_up(
    api: ScriptedServer, van: Any, settings: Settings, bucket_prefix: str, time: ManualTime
) -> None:
    """Waiting has a limit; the job goes on, and can be waited for again."""
    api.script(*[Answer(200, {"id": 4, "status": "Pending"})] * 50)
    polling = Polling(limit_seconds=30, now=time.now, sleep=time.sleep)
    with pytest.raises(ApiUnavailable, match="bulk import 4 is 'Pending' after 30 seconds"):
        finish_import(van, StartedImport(4, 5, bucket_prefix), settings, polling)


def test_the_link_lives_a_day_and_shows_no_secret(
    api: ScriptedServer, van: Any, settings: Settings
) -> None:
    """EveryAction reads the file by a signed link of version 4, as a zip with one CSV."""
    api.script(Answer(201, {"jobId": 4}))
    started = start_import(van, rows_for([1, 2]), CONTACTS, settings)
    sent = json.loads(api.seen[0].body)
    link = sent["file"]["sourceUrl"]
    assert "X-Amz-Expires=86400" in link
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    assert sent["file"]["columns"] == [{"name": n} for n in CONTACTS.columns]
    with zipfile.ZipFile(io.BytesIO(requests.get(link, timeout=10).content)) as archive:
        text = archive.read(sent["file"]["fileName"]).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[0] == list(CONTACTS.columns)
    assert (started.job_id, started.rows) == (4, 2)


def test_the_sent_file_is_removed_and_the_results_stay(
    server: Any, settings: Settings, people: list[int]
) -> None:
    """The bucket does not keep a second copy of people's data."""
    started = start_import(server, rows_for(people), CONTACTS, settings)
    imported = finish_import(server, started, settings, QUICKLY)
    found = [file.uri for file in ObjectStore(settings).find(started.folder)]
    assert found == list(imported.result_files)


def test_waiting_may_be_begun_again(server: Any, settings: Settings, people: list[int]) -> None:
    """A run that was killed while waiting reads the same result afterwards."""
    started = start_import(server, rows_for(people), CONTACTS, settings)
    first = finish_import(server, started, settings, QUICKLY)
    assert finish_import(server, started, settings, QUICKLY) == first


def test_too_large_a_file_is_refused_early() -> None:
    """Rows are counted until the limit, and no further: an endless source ends."""

    def endless() -> Iterator[list[str]]:
        source = random.Random(1)
        while True:
            yield [source.randbytes(200).hex()]

    with pytest.raises(ParameterInvalid, match="takes at most 500,000.*Import in several parts"):
        zip_rows("rows.csv", ("text",), endless(), limit_bytes=500_000)


@pytest.mark.parametrize("columns", [(), tuple(f"c{n}" for n in range(51))])
def test_the_number_of_columns_is_bounded(columns: tuple[str, ...], settings: Settings) -> None:
    """EveryAction takes 1 to 50."""
    with pytest.raises(ParameterInvalid, match="expected 1 to 50"):
        rows_of([], columns, ObjectStore(settings))


def test_rows_that_can_be_read_only_once_are_refused(settings: Settings) -> None:
    """A second attempt would find nothing left, and import nothing without a word."""
    store = ObjectStore(settings)
    rows = [{"vanid": 1}, {"vanid": 2}]
    with pytest.raises(ParameterInvalid, match="a list_iterator, which can be read only once"):
        rows_of(iter(rows), ("vanid",), store)
    for _ in range(2):
        assert list(rows_of(lambda: iter(rows), ("vanid",), store)) == [["1"], ["2"]]


def test_a_missing_column_is_named(settings: Settings) -> None:
    """With the columns that are there."""
    with pytest.raises(ParameterInvalid, match="no column 'lastname'; found 'vanid'"):
        list(rows_of([{"vanid": 1}], ("vanid", "lastname"), ObjectStore(settings)))


@pytest.mark.parametrize("description", ["x" * 256, "a <b>", "&#34;"])
def test_a_description_that_the_api_refuses_is_refused_here(description: str) -> None:
    """Before anything is uploaded."""
    with pytest.raises(ParameterInvalid, match="at most 255 characters"):
        replace(CONTACTS, description=description)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("00501", "00501"),
        (True, "true"),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 10, tzinfo=UTC), "2026-01-31T10:00:00Z"),
        (datetime(2026, 1, 31, 10, tzinfo=timezone(timedelta(hours=-5))), "2026-01-31T15:00:00Z"),
        (datetime(2026, 1, 31, 10), "2026-01-31T10:00:00"),
    ],
)
def test_values_are_written_as_the_api_reads_them(value: Any, text: str) -> None:
    """Nothing for null, and times that have a zone in UTC."""
    assert as_text(value) == text
