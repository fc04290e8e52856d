-- Casts between SUPER and other types.

CREATE OR REPLACE FUNCTION pg_catalog.super_text(super) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN $1::json #>> '{}';
CREATE OR REPLACE FUNCTION pg_catalog.super_varchar(super) RETURNS varchar
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN super_text($1)::varchar;

-- A cast of what does not fit gives null (cast_super_null_on_error is on by default). The CASE stands
-- inside of the cast, so that the planner cannot try the cast of a constant beforehand.
CREATE OR REPLACE FUNCTION pg_catalog.super_numeric(super) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE WHEN pg_input_is_valid(super_text($1), 'numeric') THEN super_text($1) END)::numeric;
CREATE OR REPLACE FUNCTION pg_catalog.super_bigint(super) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE
        WHEN pg_input_is_valid(round(super_numeric($1))::text, 'bigint')
        THEN round(super_numeric($1))::text END)::bigint;
CREATE OR REPLACE FUNCTION pg_catalog.super_integer(super) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE
        WHEN pg_input_is_valid(round(super_numeric($1))::text, 'integer')
        THEN round(super_numeric($1))::text END)::integer;
CREATE OR REPLACE FUNCTION pg_catalog.super_smallint(super) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE
        WHEN pg_input_is_valid(round(super_numeric($1))::text, 'smallint')
        THEN round(super_numeric($1))::text END)::smallint;
CREATE OR REPLACE FUNCTION pg_catalog.super_double(super) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN super_numeric($1)::double precision;
CREATE OR REPLACE FUNCTION pg_catalog.super_real(super) RETURNS real
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN super_numeric($1)::real;
CREATE OR REPLACE FUNCTION pg_catalog.super_boolean(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE WHEN pg_input_is_valid(super_text($1), 'boolean') THEN super_text($1) END)::boolean;
CREATE OR REPLACE FUNCTION pg_catalog.super_date(super) RETURNS date
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (CASE WHEN pg_input_is_valid(super_text($1), 'date') THEN super_text($1) END)::date;
CREATE OR REPLACE FUNCTION pg_catalog.super_timestamp(super) RETURNS timestamp
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (CASE
        WHEN pg_input_is_valid(super_text($1), 'timestamp') THEN super_text($1) END)::timestamp;
CREATE OR REPLACE FUNCTION pg_catalog.super_timestamptz(super) RETURNS timestamptz
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (CASE
        WHEN pg_input_is_valid(super_text($1), 'timestamptz') THEN super_text($1) END)::timestamptz;

CREATE OR REPLACE FUNCTION pg_catalog.to_super(text) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(varchar) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1::text)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(numeric) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(integer) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(bigint) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(double precision) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;
CREATE OR REPLACE FUNCTION pg_catalog.to_super(boolean) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN to_json($1)::super;

DO $$
DECLARE
    target text;
    source text;
BEGIN
    IF EXISTS (SELECT FROM pg_cast WHERE castsource = 'super'::regtype AND casttarget = 'text'::regtype)
    THEN
        RETURN;
    END IF;
    FOREACH target IN ARRAY ARRAY['text', 'varchar', 'numeric', 'bigint', 'integer', 'smallint',
        'boolean', 'date', 'timestamp', 'timestamptz']
    LOOP
        EXECUTE format('CREATE CAST (super AS %1$s) WITH FUNCTION super_%1$s(super) AS ASSIGNMENT', target);
    END LOOP;
    CREATE CAST (super AS double precision) WITH FUNCTION super_double(super) AS ASSIGNMENT;
    CREATE CAST (super AS real) WITH FUNCTION super_real(super) AS ASSIGNMENT;
    FOREACH source IN ARRAY ARRAY['text', 'varchar', 'numeric', 'integer', 'bigint',
        'double precision', 'boolean']
    LOOP
        EXECUTE format('CREATE CAST (%1$s AS super) WITH FUNCTION to_super(%1$s) AS ASSIGNMENT', source);
    END LOOP;
END
$$;
