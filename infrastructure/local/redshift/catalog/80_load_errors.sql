-- What COPY refused. COPY writes over a connection of its own, so that the rows outlive the
-- client's rollback; they are kept until the data folder is removed.

-- Grain: one COPY; its number, as pg_last_copy_id() tells it and the error tables name it.
CREATE SEQUENCE IF NOT EXISTS redshift_catalog.copy_ids;

-- Grain: one refused record.
CREATE TABLE IF NOT EXISTS redshift_catalog.load_errors (
    userid integer NOT NULL,
    tbl integer NOT NULL,
    starttime timestamp NOT NULL,
    session integer NOT NULL,
    query integer NOT NULL,
    filename varchar NOT NULL,
    line_number bigint NOT NULL,
    colname varchar NOT NULL,
    type varchar NOT NULL,
    col_length varchar NOT NULL,
    position integer NOT NULL,
    raw_line varchar NOT NULL,
    raw_field_value varchar NOT NULL,
    err_code integer NOT NULL,
    err_reason varchar NOT NULL
);
GRANT SELECT, INSERT ON redshift_catalog.load_errors TO PUBLIC;
GRANT USAGE ON SEQUENCE redshift_catalog.copy_ids TO PUBLIC;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
DROP VIEW IF EXISTS pg_catalog.stl_load_errors;
CREATE VIEW pg_catalog.stl_load_errors AS
SELECT
    userid,
    0 AS slice,
    tbl,
    starttime,
    session,
    query,
    filename::character(256) AS filename,
    line_number,
    colname::character(127) AS colname,
    type::character(10) AS type,
    col_length::character(10) AS col_length,
    position,
    raw_line::character(1024) AS raw_line,
    raw_field_value::character(1024) AS raw_field_value,
    err_code,
    err_reason::character(100) AS err_reason,
    0 AS is_partial,
    0 AS start_offset,
    query::bigint AS copy_job_id
FROM redshift_catalog.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html
DROP VIEW IF EXISTS pg_catalog.stl_loaderror_detail;
CREATE VIEW pg_catalog.stl_loaderror_detail AS
SELECT
    userid,
    0 AS slice,
    session,
    query,
    filename::character(256) AS filename,
    line_number,
    0 AS field,
    colname::character(1024) AS colname,
    raw_field_value::character(1024) AS value,
    1 AS is_null,
    type::character(10) AS type,
    col_length::character(10) AS col_length
FROM redshift_catalog.load_errors;

-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
DROP VIEW IF EXISTS pg_catalog.sys_load_error_detail;
CREATE VIEW pg_catalog.sys_load_error_detail AS
SELECT
    userid AS user_id,
    query::bigint AS query_id,
    session::bigint AS transaction_id,
    session AS session_id,
    current_database()::character(64) AS database_name,
    tbl AS table_id,
    starttime AS start_time,
    filename::character(256) AS file_name,
    line_number,
    colname::character(127) AS column_name,
    type::character(10) AS column_type,
    col_length::character(10) AS column_length,
    position,
    err_code AS error_code,
    err_reason::character(512) AS error_message
FROM redshift_catalog.load_errors;

GRANT SELECT ON pg_catalog.stl_load_errors, pg_catalog.stl_loaderror_detail,
    pg_catalog.sys_load_error_detail TO PUBLIC;
