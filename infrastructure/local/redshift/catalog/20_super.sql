-- SUPER: a type of its own that keeps the text of a JSON value exactly as it came, so that no
-- number, no order of keys and no repeated key is lost. It borrows PostgreSQL's code for json.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html

DO $$
BEGIN
    IF to_regtype('pg_catalog.super') IS NOT NULL THEN
        RETURN;
    END IF;
    CREATE TYPE pg_catalog.super;
    CREATE FUNCTION pg_catalog.super_in(cstring) RETURNS super
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_in';
    CREATE FUNCTION pg_catalog.super_out(super) RETURNS cstring
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_out';
    CREATE FUNCTION pg_catalog.super_recv(internal) RETURNS super
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_recv';
    CREATE FUNCTION pg_catalog.super_send(super) RETURNS bytea
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_send';
    CREATE TYPE pg_catalog.super (
        INPUT = pg_catalog.super_in, OUTPUT = pg_catalog.super_out,
        RECEIVE = pg_catalog.super_recv, SEND = pg_catalog.super_send,
        LIKE = pg_catalog.json, COLLATABLE = true
    );
    CREATE CAST (super AS json) WITHOUT FUNCTION AS ASSIGNMENT;
    CREATE CAST (json AS super) WITHOUT FUNCTION AS ASSIGNMENT;

    -- Equality and order, so that GROUP BY, DISTINCT, ORDER BY and joins work.
    CREATE FUNCTION pg_catalog.super_eq(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'texteq';
    CREATE FUNCTION pg_catalog.super_ne(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textne';
    CREATE FUNCTION pg_catalog.super_lt(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_lt';
    CREATE FUNCTION pg_catalog.super_le(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_le';
    CREATE FUNCTION pg_catalog.super_gt(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_gt';
    CREATE FUNCTION pg_catalog.super_ge(super, super) RETURNS boolean
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_ge';
    CREATE FUNCTION pg_catalog.super_cmp(super, super) RETURNS integer
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bttextcmp';
    CREATE FUNCTION pg_catalog.super_hash(super) RETURNS integer
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashtext';
    CREATE OPERATOR pg_catalog.= (
        FUNCTION = pg_catalog.super_eq, LEFTARG = super, RIGHTARG = super,
        COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>), HASHES, MERGES
    );
    CREATE OPERATOR pg_catalog.<> (
        FUNCTION = pg_catalog.super_ne, LEFTARG = super, RIGHTARG = super,
        COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=)
    );
    CREATE OPERATOR pg_catalog.< (
        FUNCTION = pg_catalog.super_lt, LEFTARG = super, RIGHTARG = super
    );
    CREATE OPERATOR pg_catalog.<= (
        FUNCTION = pg_catalog.super_le, LEFTARG = super, RIGHTARG = super
    );
    CREATE OPERATOR pg_catalog.> (
        FUNCTION = pg_catalog.super_gt, LEFTARG = super, RIGHTARG = super
    );
    CREATE OPERATOR pg_catalog.>= (
        FUNCTION = pg_catalog.super_ge, LEFTARG = super, RIGHTARG = super
    );
    CREATE OPERATOR CLASS pg_catalog.super_ops DEFAULT FOR TYPE super USING btree AS
        OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
        OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
        FUNCTION 1 pg_catalog.super_cmp(super, super);
    CREATE OPERATOR CLASS pg_catalog.super_hash_ops DEFAULT FOR TYPE super USING hash AS
        OPERATOR 1 pg_catalog.=, FUNCTION 1 pg_catalog.super_hash(super);

    CREATE FUNCTION pg_catalog.super_field(super, text) RETURNS super
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_object_field';
    CREATE FUNCTION pg_catalog.super_element(super, integer) RETURNS super
        LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_array_element';

    -- Navigation: what is not there, or is JSON's null, is null.
    CREATE FUNCTION pg_catalog.super_get(super, text) RETURNS super
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN nullif(super_field($1, $2), 'null'::super);
    CREATE FUNCTION pg_catalog.super_get(super, integer) RETURNS super
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN nullif(super_element($1, $2), 'null'::super);
    CREATE OPERATOR pg_catalog.-> (
        FUNCTION = pg_catalog.super_get, LEFTARG = super, RIGHTARG = text
    );
    CREATE OPERATOR pg_catalog.-> (
        FUNCTION = pg_catalog.super_get, LEFTARG = super, RIGHTARG = integer
    );
END
$$;

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

-- FROM t, t.list element: one row for each element, its index counted from 0.
CREATE OR REPLACE FUNCTION pg_catalog.super_elements(super) RETURNS SETOF super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT value::super FROM json_array_elements(
            CASE WHEN json_typeof($1::json) = 'array' THEN $1::json ELSE json_build_array($1::json) END
        );
    END;

CREATE OR REPLACE FUNCTION pg_catalog.super_elements_at(super)
    RETURNS TABLE (value super, place bigint)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT element, number - 1
        FROM super_elements($1) WITH ORDINALITY AS elements (element, number);
    END;

-- Comparisons with other types.
DO $$
DECLARE
    operator text;
    other text;
    name text;
BEGIN
    IF EXISTS (SELECT FROM pg_operator WHERE oprleft = 'super'::regtype AND oprright = 'text'::regtype
        AND oprname = '=')
    THEN
        RETURN;
    END IF;
    FOR operator, name IN VALUES ('=', 'eq'), ('<>', 'ne'), ('<', 'lt'), ('<=', 'le'), ('>', 'gt'), ('>=', 'ge')
    LOOP
        FOREACH other IN ARRAY ARRAY['text', 'numeric'] LOOP
            EXECUTE format('CREATE FUNCTION pg_catalog.super_%1$s_%2$s(super, %2$s) RETURNS boolean
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN super_%2$s($1) %3$s $2', name, other, operator);
            EXECUTE format('CREATE FUNCTION pg_catalog.%2$s_%1$s_super(%2$s, super) RETURNS boolean
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1 %3$s super_%2$s($2)', name, other, operator);
            EXECUTE format('CREATE OPERATOR pg_catalog.%s (FUNCTION = pg_catalog.super_%s_%s,
                LEFTARG = super, RIGHTARG = %s)', operator, name, other, other);
            EXECUTE format('CREATE OPERATOR pg_catalog.%s (FUNCTION = pg_catalog.%s_%s_super,
                LEFTARG = %s, RIGHTARG = super)', operator, other, name, other);
        END LOOP;
    END LOOP;
END
$$;

-- The value without the spaces between its parts, as Redshift prints it.
CREATE OR REPLACE FUNCTION pg_catalog.json_parse(text) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace($1::json::text, '("(?:[^"\\]|\\.)*")|\s+', '\1', 'g')::json::super;
CREATE OR REPLACE FUNCTION pg_catalog.json_serialize(super) RETURNS varchar
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::json::text;
CREATE OR REPLACE FUNCTION pg_catalog.json_typeof(super) RETURNS varchar
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_typeof($1::json);
CREATE OR REPLACE FUNCTION pg_catalog.is_array(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_typeof($1::json) = 'array';
CREATE OR REPLACE FUNCTION pg_catalog.is_object(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_typeof($1::json) = 'object';
CREATE OR REPLACE FUNCTION pg_catalog.is_scalar(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN json_typeof($1::json) NOT IN ('array', 'object', 'null');
CREATE OR REPLACE FUNCTION pg_catalog.is_varchar(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_typeof($1::json) = 'string';
CREATE OR REPLACE FUNCTION pg_catalog.is_boolean(super) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_typeof($1::json) = 'boolean';
CREATE OR REPLACE FUNCTION pg_catalog.get_array_length(super) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN json_typeof($1::json) = 'array' THEN json_array_length($1::json) END;
CREATE OR REPLACE FUNCTION pg_catalog.super_array(VARIADIC "any") RETURNS json
    LANGUAGE internal STABLE PARALLEL SAFE AS 'json_build_array';
CREATE OR REPLACE FUNCTION pg_catalog.split_to_array(text, text DEFAULT ',') RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_json(string_to_array($1, $2))::super;
