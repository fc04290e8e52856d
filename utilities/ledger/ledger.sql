-- Grain: one row for each committed load of one batch into one table.
-- Why: it is written in the transaction that writes the rows, so it can never say anything else.
-- Transaction: each statement by itself, once, at the first load into a warehouse. A column that
-- an older ledger lacks is added by creation.py, which names it too.
CREATE SCHEMA IF NOT EXISTS prefect_flows;

CREATE TABLE IF NOT EXISTS prefect_flows.loads (
    load_id       VARCHAR(36)    NOT NULL,  -- one for each load, also in the logs
    target        VARCHAR(257)   NOT NULL,  -- schema.table
    batch_key     VARCHAR(64)    NOT NULL,  -- SHA-256 of the content that was loaded
    source        VARCHAR(4096)  NOT NULL,  -- file or query that the rows came from
    mode          VARCHAR(16)    NOT NULL,  -- append, replace, upsert, replace_slice, history, insert_new
    watermark     VARCHAR(64),              -- how far the source was read, when it has an order
    rows_staged   BIGINT         NOT NULL,
    rows_inserted BIGINT         NOT NULL,
    rows_updated  BIGINT         NOT NULL,  -- rows of the table that a staged row matched
    bytes_staged  BIGINT         NOT NULL,
    columns_added VARCHAR(65535) NOT NULL,  -- JSON list of names
    deployment    VARCHAR(512),             -- DEPLOYMENT_NAME of the run
    flow_run      VARCHAR(36),              -- id of the Prefect flow run
    loaded_at     TIMESTAMP      NOT NULL,  -- UTC
    seconds       DOUBLE PRECISION NOT NULL, -- from the first statement to this row
    rows_deleted  BIGINT         DEFAULT 0 NOT NULL,
    rows_rejected BIGINT         DEFAULT 0 NOT NULL, -- set aside in schema.table_rejects
    commit_hash   VARCHAR(64),              -- COMMIT_HASH of the run: the code that loaded the rows
    manifest      VARCHAR(2048)             -- s3:// address of the list of files that were loaded
)
SORTKEY (target, loaded_at);

-- Empty for ever. A load locks it while it moves rows, so that two loads of one batch cannot both
-- find the ledger without it; readers of the ledger and of the tables are not held up.
CREATE TABLE IF NOT EXISTS prefect_flows.load_lock (locked BOOLEAN);
