-- Grain: one row for each code that a person is to have.
-- Why: whoever decides on codes writes them here; the flow next door brings them to EveryAction.
-- Transaction: one, before the table is read. A table that is there is not touched.
CREATE SCHEMA IF NOT EXISTS van;

CREATE TABLE IF NOT EXISTS van.origin_source_codes (
    van_id   BIGINT,                      -- of the person
    code_id  BIGINT,                      -- of the code, as GET /codes lists them
    added_at TIMESTAMP DEFAULT GETDATE()  -- UTC
);
