-- Counts the rows of a table as they are now.
CREATE OR REPLACE FUNCTION redshift_catalog.row_count(relation oid) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    rows bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', relation::regclass) INTO rows;
    RETURN rows;
END
$$;
