-- Grain: one row for each person and code.
-- Why: what is delivered is decided here and nowhere else; a row that was sent before costs nothing.
-- Transaction: read once by each run, into a temporary table.
SELECT van_id, code_id
FROM van.origin_source_codes
