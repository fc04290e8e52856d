-- Grain: one row for each feed with entries in the table.
-- Why: the report shows how old a feed's news are, also of one that is down.
-- Transaction: a single statement that reads.
SELECT feed, MAX(COALESCE(published, updated)) AS last_entry
FROM {table}
GROUP BY feed
