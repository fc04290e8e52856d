-- PostgreSQL's system tables with the columns that they have in Redshift. A query that asks for
-- such a column is led here (translation/system_tables.py).

DO $$
DECLARE
    lists jsonb := '{
        "pg_class": {
            "relname": "redshift_catalog.whole_name(relname)::varchar(128)",
            "+reldiststyle": "redshift_catalog.style_number(oid)"
        },
        "pg_attribute": {
            "attname": "redshift_catalog.whole_name(attname)::varchar(128)",
            "+attencodingtype": "redshift_catalog.encoding_number(attrelid, attnum)",
            "+attisdistkey": "redshift_catalog.is_dist_key(attrelid, attnum)",
            "+attsortkeyord": "redshift_catalog.sort_place(attrelid, attnum)"
        },
        "pg_attrdef": {"+adsrc": "pg_catalog.pg_get_expr(adbin, adrelid)"}
    }';
    source text;
    changes jsonb;
    columns text;
BEGIN
    FOR source, changes IN SELECT * FROM jsonb_each(lists) LOOP
        EXECUTE format('DROP VIEW IF EXISTS redshift_catalog.%I CASCADE', source);
    END LOOP;

    CREATE OR REPLACE FUNCTION redshift_catalog.style_number(relation oid) RETURNS smallint
        LANGUAGE sql STABLE RETURN coalesce((
            SELECT CASE style WHEN 'EVEN' THEN 0 WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 10 END
            FROM redshift_catalog.attributes WHERE reloid = relation), 10)::smallint;
    CREATE OR REPLACE FUNCTION redshift_catalog.encoding_number(relation oid, number smallint)
        RETURNS smallint LANGUAGE sql STABLE RETURN coalesce((
            SELECT array_position(redshift_catalog.encodings(), encodings ->> number::text) - 1
            FROM redshift_catalog.attributes WHERE reloid = relation), 0)::smallint;
    CREATE OR REPLACE FUNCTION redshift_catalog.is_dist_key(relation oid, number smallint)
        RETURNS boolean LANGUAGE sql STABLE RETURN EXISTS (
            SELECT FROM redshift_catalog.attributes WHERE reloid = relation AND dist_key = number);
    CREATE OR REPLACE FUNCTION redshift_catalog.sort_place(relation oid, number smallint)
        RETURNS integer LANGUAGE sql STABLE RETURN coalesce((
            SELECT array_position(sort_keys, number)
                -- signs alternate when the sort keys are interleaved
                * CASE WHEN interleaved AND array_position(sort_keys, number) % 2 = 0 THEN -1 ELSE 1 END
            FROM redshift_catalog.attributes WHERE reloid = relation), 0);

    FOR source, changes IN SELECT * FROM jsonb_each(lists) LOOP
        SELECT string_agg(coalesce(changes ->> attname::text || ' AS ' || attname, attname), ', '
            ORDER BY attnum)
        INTO columns FROM pg_catalog.pg_attribute
        WHERE attrelid = ('pg_catalog.' || source)::regclass AND attnum > 0 AND NOT attisdropped;
        SELECT columns || coalesce(string_agg(', ' || value || ' AS ' || ltrim(key, '+'), ''), '')
        INTO columns FROM jsonb_each_text(changes) WHERE key LIKE '+%';
        EXECUTE format('CREATE VIEW redshift_catalog.%I AS SELECT %s FROM pg_catalog.%I',
            source, columns, source);
    END LOOP;
END
$$;

-- Declared keys beside PostgreSQL's own constraints; the checks for bytes are not shown.
CREATE OR REPLACE VIEW redshift_catalog.pg_constraint AS
SELECT oid, conname::text, connamespace, contype, condeferrable, condeferred, convalidated,
    conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype,
    conislocal, coninhcount, connoinherit, conkey, confkey, conbin
FROM pg_catalog.pg_constraint
WHERE conname NOT LIKE 'redshift\_bytes\_%' AND contype <> 'n'
UNION ALL
SELECT k.oid, k.conname, c.relnamespace, k.contype::"char", false, false, true,
    k.conrelid, 0, 0, 0, coalesce(k.confrelid, 0), ' ', ' ', ' ',
    true, 0::smallint, true, k.conkey, NULL, NULL
FROM redshift_catalog.constraints k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid;

CREATE OR REPLACE FUNCTION redshift_catalog.pg_get_constraintdef(number oid, pretty boolean DEFAULT false)
    RETURNS text LANGUAGE sql STABLE RETURN coalesce(
        (SELECT definition FROM redshift_catalog.constraints WHERE oid = number),
        pg_catalog.pg_get_constraintdef(number, pretty));

-- There are none of these here.
CREATE OR REPLACE FUNCTION pg_catalog.pg_get_late_binding_view_cols() RETURNS SETOF record
    LANGUAGE sql STABLE AS $$
        SELECT NULL::name, NULL::name, NULL::name, NULL::varchar, NULL::integer WHERE false
    $$;
CREATE OR REPLACE VIEW pg_catalog.svv_external_schemas AS
SELECT NULL::oid AS esoid, NULL::smallint AS eskind, NULL::varchar(128) AS schemaname,
    NULL::integer AS esowner, NULL::varchar(128) AS databasename, NULL::varchar AS esoptions
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_tables AS
SELECT NULL::varchar(128) AS schemaname, NULL::varchar(128) AS tablename, NULL::varchar AS location,
    NULL::varchar AS input_format, NULL::varchar AS output_format, NULL::integer AS compressed,
    NULL::varchar AS parameters, NULL::varchar AS tabletype
WHERE false;
CREATE OR REPLACE VIEW pg_catalog.svv_external_columns AS
SELECT NULL::varchar(128) AS schemaname, NULL::varchar(128) AS tablename,
    NULL::varchar(128) AS columnname, NULL::varchar(128) AS external_type, NULL::integer AS columnnum,
    NULL::integer AS part_key, NULL::varchar AS is_nullable
WHERE false;
