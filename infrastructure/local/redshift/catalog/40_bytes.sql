-- VARCHAR(n) and CHAR(n) hold n bytes in Redshift, n characters in PostgreSQL. A check on every
-- such column makes up for it, whichever statement made the column; the front turns its violation
-- into Redshift's message.

CREATE OR REPLACE FUNCTION redshift_catalog.count_bytes(relation regclass) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    changes text;
BEGIN
    WITH wanted AS (
        SELECT
            format('redshift_bytes_%s_%s', a.attnum, a.atttypmod - 4) AS name,
            format('octet_length(%I) <= %s', a.attname, a.atttypmod - 4) AS test
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
            AND a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4
    ), have AS (
        SELECT conname FROM pg_catalog.pg_constraint
        WHERE conrelid = relation AND contype = 'c' AND conname LIKE 'redshift\_bytes\_%'
    )
    SELECT string_agg(change, ', ') INTO changes FROM (
        SELECT format('DROP CONSTRAINT %I', conname) AS change
        FROM have WHERE conname NOT IN (SELECT name FROM wanted)
        UNION ALL
        SELECT format('ADD CONSTRAINT %I CHECK (%s)', name, test)
        FROM wanted WHERE name NOT IN (SELECT conname FROM have)
    ) all_changes;
    IF changes IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s %s', relation, changes);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION redshift_catalog.after_definition() RETURNS event_trigger
    LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    relation oid;
BEGIN
    FOR relation IN
        SELECT DISTINCT command.objid
        FROM pg_event_trigger_ddl_commands() command
        JOIN pg_catalog.pg_class c ON c.oid = command.objid
        WHERE command.classid = 'pg_catalog.pg_class'::regclass
            AND command.objsubid = 0 OR command.object_type = 'table column'
    LOOP
        IF EXISTS (
            SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = relation AND c.relkind = 'r'
                AND n.nspname NOT IN ('pg_catalog', 'redshift_catalog')
        ) THEN
            PERFORM redshift_catalog.count_bytes(relation);
        END IF;
    END LOOP;
END
$$;

DROP EVENT TRIGGER IF EXISTS redshift_bytes;
CREATE EVENT TRIGGER redshift_bytes ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
    EXECUTE FUNCTION redshift_catalog.after_definition();
