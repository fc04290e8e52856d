-- What COPY refused: one row for each refused record, kept until the data folder is removed.
-- COPY writes over a connection of its own, so that the rows outlive the client's rollback.
-- Columns: https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
--          https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html

CREATE SEQUENCE IF NOT EXISTS redshift_catalog.copy_ids;

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

GRANT SELECT ON redshift_catalog.load_errors TO PUBLIC;
GRANT INSERT ON redshift_catalog.load_errors TO PUBLIC;
GRANT USAGE ON SEQUENCE redshift_catalog.copy_ids TO PUBLIC;
