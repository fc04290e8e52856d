-- Grain: one row for each item of a channel that a run has claimed.
-- Why: it is committed before the item is sent, so that what a dead run may have sent is known.
-- Transaction: each statement by itself, once, at the first delivery from a warehouse.
CREATE SCHEMA IF NOT EXISTS prefect_flows;

CREATE TABLE IF NOT EXISTS prefect_flows.deliveries (
    channel          VARCHAR(256)  NOT NULL,  -- system and kind, such as EveryAction/codes
    item             VARCHAR(512)  NOT NULL,  -- key within the channel, such as 1234567/1020
    state            VARCHAR(8)    NOT NULL,  -- claimed, done, refused, unknown
    reason           VARCHAR(4096),           -- why refused or unknown, in the other system's words
    answer           VARCHAR(256),            -- what the other system called it, such as a VanID
    owner            VARCHAR(36)   NOT NULL,  -- the delivery that claimed it last
    claimed_until    TIMESTAMP,               -- UTC, by the warehouse's clock; while claimed
    attempts         INTEGER       NOT NULL,  -- how often it was claimed
    deployment       VARCHAR(512),            -- DEPLOYMENT_NAME of the run
    commit_hash      VARCHAR(64),             -- COMMIT_HASH of the run
    flow_run         VARCHAR(36),             -- id of the Prefect flow run
    first_claimed_at TIMESTAMP     NOT NULL,  -- UTC
    changed_at       TIMESTAMP     NOT NULL   -- UTC
)
SORTKEY (channel, item);

-- Empty for ever. Whoever changes the table above locks it first, so that no two claim one item.
CREATE TABLE IF NOT EXISTS prefect_flows.delivery_lock (locked BOOLEAN);
