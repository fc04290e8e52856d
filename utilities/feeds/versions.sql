-- Grain: one row for each feed that has entries in the table.
-- Why: a remembered ETag says "seen"; it counts only while the table has what was seen, so that
-- a table that was emptied is filled again.
-- Transaction: a single statement that reads.
SELECT versions.feed, versions.etag, versions.last_modified
FROM {versions} AS versions
WHERE versions.feed IN (SELECT feed FROM {table})
