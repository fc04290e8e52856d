-- Grain: one row for each load that can be forgotten: it brought no rows and changed none.
-- Why: a source that is read every few minutes adds such a row each time. Tried again, the same
-- batch would again change nothing; replace and replace_slice empty what they replace, so theirs
-- stay. A table's last loads stay for its checks, and its last watermark for the next run.
-- Transaction: read and deleted in one, under the lock that loads take.
SELECT load_id
FROM (
    SELECT
        load_id, mode, loaded_at, watermark,
        rows_staged + rows_inserted + rows_updated + rows_deleted + rows_rejected AS rows_moved,
        ROW_NUMBER() OVER (PARTITION BY target ORDER BY loaded_at DESC, load_id) AS place,
        ROW_NUMBER() OVER (
            PARTITION BY target, CASE WHEN watermark IS NULL THEN 0 ELSE 1 END
            ORDER BY loaded_at DESC, load_id
        ) AS watermark_place
    FROM prefect_flows.loads
) AS ranked
WHERE rows_moved = 0
    AND mode IN ('append', 'upsert', 'insert_new', 'history')
    AND place > {kept}
    AND (watermark IS NULL OR watermark_place > 1)
    AND loaded_at < {before}
