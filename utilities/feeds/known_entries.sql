-- Grain: one row for each entry of one page of a feed that the table has.
-- Why: only what is new or was changed is loaded; the table itself says what that is.
-- Transaction: a single statement that reads.
SELECT entry_id, checksum, updated
FROM {table}
WHERE feed = %s AND entry_id IN %s
