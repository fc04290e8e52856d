"""Old objects go, whatever may still be needed stays."""

from dataclasses import replace

import pytest

from tests.faults import Answer, Call, storage_proxy
from tests.local.maintenance.conftest import NOW, Aws
from utilities.errors import SettingsInvalid, StorageUnavailable
from utilities.maintenance import Freed, free_results, free_staged
from utilities.objects import ObjectStore, Patience

WEEK = 7


def free(aws: Aws, *, dry_run: bool = False, days: int = WEEK) -> tuple[Freed, ...]:
    """Free the staging area."""
    return tuple(free_staged(aws.settings, aws.store, days, NOW, dry_run=dry_run))


def put_leftovers(aws: Aws) -> None:
    """What killed runs leave, some of it old."""
    for address, days in (
        ("staging/van.contacts/aaaa/part-0.parquet", 8),
        ("staging/van.contacts/aaaa/part-1.parquet", 7.5),
        ("staging/van.contacts/bbbb/part-0.parquet", 8),
        ("staging/van.contacts/bbbb/manifest.json", 6),
        ("staging/van.contacts/export/12/raw/1.csv", 9),
        ("staging/van.contacts/export/job.json", 1),
        ("staging/queries/cccc/part-0", 30),
        ("staging/lonely", 30),
        ("everyaction/imports/dddd/rows.zip", 20),
        ("everyaction/imports/eeee/rows.zip", 2),
        ("reports/a.csv", 400),
    ):
        aws.put(f"s3://staged/{address}", days)


def test_a_folder_goes_when_nothing_was_written_to_it_for_long(aws: Aws) -> None:
    """A batch, a query, a lone file and an import that are old; never a part of a batch that was
    written to since, nor the files of an export whose note is new: it may be resumed. Nothing
    beside the staging area is touched."""
    put_leftovers(aws)
    staged, imported = free(aws)
    assert (staged.count, staged.bytes, imported.count, imported.bytes) == (4, 40, 1, 10)
    assert aws.keys("staged") == [
        "everyaction/imports/eeee/rows.zip",
        "reports/a.csv",
        "staging/van.contacts/bbbb/manifest.json",
        "staging/van.contacts/bbbb/part-0.parquet",
        "staging/van.contacts/export/12/raw/1.csv",
        "staging/van.contacts/export/job.json",
    ]
    again = free(aws)
    assert [each.count for each in again] == [0, 0]


def test_a_dry_run_tells_the_same_and_removes_nothing(aws: Aws) -> None:
    """Counts and sizes are those of the run that follows."""
    put_leftovers(aws)
    before = aws.keys("staged")
    told = free(aws, dry_run=True)
    assert aws.keys("staged") == before
    assert not any(each.is_removed for each in told)
    assert free(aws) == tuple(replace(each, is_removed=True) for each in told)


def test_zero_days_keep_everything(aws: Aws) -> None:
    """And nobody is asked what there is."""
    put_leftovers(aws)
    assert [each.note for each in free(aws, days=0)] == ["kept for ever"] * 2
    assert len(aws.keys("staged")) == 11


def test_a_run_that_ends_half_way_is_followed_by_one_that_ends_the_work(aws: Aws) -> None:
    """S3 fails between two requests of one large folder: what is deleted stays deleted, the next
    run deletes the rest; of a listing of several pages, none is lost by deleting meanwhile."""
    for number in range(1050):
        aws.put(f"s3://staged/staging/t.t/aaaa/{number:05d}", 30)
    aws.put("s3://staged/staging/t.t/zzzz/1", 30)

    def second_delete(call: Call) -> Answer | None:
        is_delete = call.method == "POST" and call.path.endswith("?delete")
        return Answer(503, "SlowDown") if is_delete and call.number == 2 else None

    assert aws.settings.aws_endpoint_url is not None
    with storage_proxy(aws.settings.aws_endpoint_url, second_delete) as proxy:
        store = ObjectStore(proxy.settings(aws.settings), Patience(attempts=1))
        with pytest.raises(StorageUnavailable):
            free_staged(aws.settings, store, WEEK, NOW, dry_run=False)
    assert len(aws.keys("staged")) == 51
    staged, _ = free(aws)
    assert staged.count == 51
    assert aws.keys("staged") == []


def test_results_go_by_their_own_age(aws: Aws) -> None:
    """Each by itself, below the prefix of results alone."""
    for name, days in (("results/a", 91), ("results/f/b", 91), ("results/f/c", 89), ("d", 400)):
        aws.put(f"s3://kept-results/{name}", days, size=7)
    told = free_results(aws.settings, aws.store, 90, NOW, dry_run=True)
    assert (told.count, told.bytes, len(aws.keys("kept-results"))) == (2, 14, 4)
    freed = free_results(aws.settings, aws.store, 90, NOW, dry_run=False)
    assert (freed.count, freed.bytes) == (2, 14)
    assert aws.keys("kept-results") == ["d", "results/f/c"]
    kept = free_results(aws.settings, aws.store, 0, NOW, dry_run=False)
    assert (kept.count, kept.note) == (0, "kept for ever")


def test_results_in_the_staging_bucket_are_refused(aws: Aws) -> None:
    """Two ages for one bucket: nobody knows which was meant."""
    shared = aws.settings.model_copy(update={"results_bucket": "staged"})
    with pytest.raises(SettingsInvalid, match="which is S3_TEMP_BUCKET too"):
        free_results(shared, aws.store, 90, NOW, dry_run=True)
    unset = aws.settings.model_copy(update={"results_bucket": None})
    assert free_results(unset, aws.store, 90, NOW, dry_run=True).note == "RESULTS_BUCKET is not set"
