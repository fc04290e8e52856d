"""Whatever changes at EveryAction, after each sync the table equals it, row by row."""

from datetime import timedelta

from tests.local.exports.conftest import PEOPLE, Sync


def test_the_table_equals_the_server_after_each_sync(sync: Sync) -> None:
    """All files of the first export, then changes, suppressions, and a new custom field, which
    becomes a column; nothing stays on S3, and the watermark moves on."""
    exported = sync.export()
    assert exported.files == 12
    assert (exported.key, exported.inactive) == ("vanid", "issuppressed")
    loaded = sync.load(exported)
    assert (loaded.rows_staged, loaded.rows_inserted) == (PEOPLE, PEOPLE)
    assert sync.difference() is None
    watermarks = [sync.watermark]
    for step in range(3):
        sync.server.order("POST", "changes", changed=200, created=30, suppressed=20)
        if step == 1:
            sync.server.order("POST", "customFields", name="Favorite Color", type="T")
        loaded = sync.run()
        assert loaded.rows_deleted == 20
        assert loaded.columns_added == (("favorite_color",) if step == 1 else ())
        assert sync.difference() is None
        watermarks.append(sync.watermark)
    assert watermarks == sorted(set(watermarks), key=str)
    assert sync.left() == []


def test_a_second_run_changes_nothing_but_the_watermark(small_sync: Sync) -> None:
    """What was read is read again as far as the overlap goes, and found as it was."""
    small_sync.run()
    before = small_sync.watermark
    loaded = small_sync.run()
    assert (loaded.rows_inserted, loaded.rows_deleted, loaded.columns_added) == (0, 0, ())
    assert loaded.already_loaded is False
    assert small_sync.difference() is None
    assert small_sync.watermark != before


def test_an_export_without_records_moves_the_watermark(small_sync: Sync) -> None:
    """It is a load of no rows, whether the table is there already or not; an empty file says
    nothing of types that a table could be made of."""
    small_sync.server.order("PUT", "people", count=0)
    watermarks: list[str | None] = [None]
    for created in (0, 40, 0):
        small_sync.server.order("POST", "changes", created=created)
        loaded = small_sync.run(overlap=timedelta(0))
        assert loaded.rows_staged == created
        assert small_sync.watermark not in watermarks
        watermarks.append(small_sync.watermark)
    assert small_sync.difference() is None
    assert small_sync.left() == []
