-- The system views that clients read.

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html
CREATE OR REPLACE VIEW pg_catalog.pg_table_def AS
SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname AS "column",
    format_type(a.atttypid, a.atttypmod) AS type, format_encoding(a.attencodingtype) AS encoding,
    a.attisdistkey AS distkey, a.attsortkeyord AS sortkey, a.attnotnull AS "notnull"
FROM redshift_catalog.pg_attribute a
JOIN redshift_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(c.oid)
    AND n.nspname <> 'pg_catalog'
ORDER BY n.nspname, c.relname, a.attnum;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_SCHEMAS.html
CREATE OR REPLACE VIEW pg_catalog.svv_redshift_schemas AS
SELECT current_database()::varchar(128) AS database_name, nspname::varchar(128) AS schema_name,
    nspowner::integer AS schema_owner, 'local'::varchar(128) AS schema_type,
    array_to_string(nspacl, ' ')::varchar(128) AS schema_acl, ''::varchar(128) AS schema_option
FROM pg_catalog.pg_namespace WHERE nspname !~ '^(pg_|redshift_catalog)';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLES.html
CREATE OR REPLACE VIEW pg_catalog.svv_tables AS
SELECT current_database()::varchar AS table_catalog, n.nspname::varchar(128) AS table_schema,
    c.relname AS table_name, CASE c.relkind WHEN 'r' THEN 'BASE TABLE' ELSE 'VIEW' END AS table_type,
    obj_description(c.oid, 'pg_class')::varchar AS remarks
FROM redshift_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname <> 'redshift_catalog';

-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html
CREATE OR REPLACE VIEW pg_catalog.svv_columns AS
SELECT current_database()::varchar AS table_catalog, n.nspname::varchar(128) AS table_schema,
    c.relname AS table_name, a.attname AS column_name, a.attnum::integer AS ordinal_position,
    pg_get_expr(d.adbin, d.adrelid)::varchar AS column_default,
    CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable,
    format_type(a.atttypid, NULL)::varchar AS data_type,
    CASE WHEN a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4
            THEN a.atttypmod - 4
        WHEN a.atttypid IN ('varchar'::regtype, 'text'::regtype) THEN 65535
    END AS character_maximum_length,
    information_schema._pg_numeric_precision(a.atttypid, a.atttypmod)::integer AS numeric_precision,
    information_schema._pg_numeric_precision_radix(a.atttypid, a.atttypmod)::integer
        AS numeric_precision_radix,
    information_schema._pg_numeric_scale(a.atttypid, a.atttypmod)::integer AS numeric_scale,
    information_schema._pg_datetime_precision(a.atttypid, a.atttypmod)::integer AS datetime_precision,
    NULL::varchar AS interval_type, NULL::varchar AS interval_precision,
    NULL::varchar AS character_set_catalog, NULL::varchar AS character_set_schema,
    NULL::varchar AS character_set_name, NULL::varchar AS collation_catalog,
    NULL::varchar AS collation_schema, NULL::varchar AS collation_name,
    NULL::varchar AS domain_name, col_description(c.oid, a.attnum)::varchar AS remarks
FROM redshift_catalog.pg_attribute a
JOIN redshift_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname <> 'redshift_catalog';

-- Only tables with rows are shown; sizes in blocks of 1 MB.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html
CREATE OR REPLACE VIEW pg_catalog.svv_table_info AS
SELECT current_database()::text AS database, n.nspname::text AS schema, c.oid AS table_id,
    c.relname::text AS "table",
    CASE WHEN EXISTS (SELECT FROM jsonb_each(coalesce(t.encodings, '{}'))) THEN 'Y' ELSE 'N' END::text
        AS encoded,
    CASE c.reldiststyle WHEN 0 THEN 'EVEN' WHEN 8 THEN 'ALL'
        WHEN 1 THEN format('KEY(%s)', k.attname) ELSE 'AUTO(ALL)' END AS diststyle,
    s.attname::text AS sortkey1,
    (SELECT max(v.atttypmod - 4) FROM pg_catalog.pg_attribute v
        WHERE v.attrelid = c.oid AND v.atttypid = 'varchar'::regtype) AS max_varchar,
    format_encoding(s.attencodingtype)::char(32) AS sortkey1_enc,
    coalesce(cardinality(t.sort_keys), 0) AS sortkey_num,
    (pg_relation_size(c.oid) / 1048576 + 1)::bigint AS size, NULL::numeric(10, 4) AS pct_used,
    0::bigint AS empty, NULL::numeric(5, 2) AS unsorted, 0::numeric(5, 2) AS stats_off,
    redshift_catalog.row_count(c.oid)::numeric(38, 0) AS tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1,
    1::numeric(19, 2) AS skew_rows, redshift_catalog.row_count(c.oid)::numeric(38, 0) AS estimated_visible_rows,
    NULL::text AS risk_event, NULL::numeric(12, 2) AS vacuum_sort_benefit, NULL::timestamp AS create_time
FROM redshift_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN redshift_catalog.attributes t ON t.reloid = c.oid
LEFT JOIN redshift_catalog.pg_attribute k ON k.attrelid = c.oid AND k.attnum = t.dist_key
LEFT JOIN redshift_catalog.pg_attribute s ON s.attrelid = c.oid AND s.attnum = t.sort_keys[1]
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'redshift_catalog')
    AND NOT pg_is_other_temp_schema(n.oid) AND pg_relation_size(c.oid) > 0;

-- Sessions and what they do now.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STV_SESSIONS.html
CREATE OR REPLACE VIEW pg_catalog.stv_sessions AS
SELECT backend_start::timestamp AS starttime, pid AS process, usename::char(50) AS user_name,
    datname::char(50) AS db_name, 0 AS timeout_sec
FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend';
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STV_RECENTS.html
CREATE OR REPLACE VIEW pg_catalog.stv_recents AS
SELECT usesysid::integer AS userid,
    CASE state WHEN 'active' THEN 'Running' ELSE 'Done' END::char(20) AS status,
    query_start::timestamp AS starttime,
    (extract(epoch FROM coalesce(CASE WHEN state <> 'active' THEN state_change END, clock_timestamp())
        - query_start) * 1000000)::integer AS duration,
    usename::char(50) AS user_name, datname::char(50) AS db_name, query::char(600) AS query, pid
FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend';

-- The last statement of each open session; what closed sessions ran is not kept.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERY.html
CREATE OR REPLACE VIEW pg_catalog.stl_query AS
SELECT usesysid::integer AS userid, pid AS query, 'default'::char(320) AS label,
    backend_xid::text::bigint AS xid, pid, datname::char(32) AS database,
    query::char(4000) AS querytxt, query_start::timestamp AS starttime,
    CASE WHEN state <> 'active' THEN state_change::timestamp END AS endtime,
    CASE WHEN state LIKE '%aborted%' THEN 1 ELSE 0 END AS aborted, 0 AS insert_pristine
FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend';
