-- Lists in FROM, comparisons, and Redshift's functions on SUPER.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_Type_Info_Functions.html

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
