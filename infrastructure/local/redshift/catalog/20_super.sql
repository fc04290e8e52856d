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
END
$$;

-- Equality and order, so that GROUP BY, DISTINCT, ORDER BY and joins work.
CREATE OR REPLACE FUNCTION pg_catalog.super_eq(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'texteq';
CREATE OR REPLACE FUNCTION pg_catalog.super_ne(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textne';
CREATE OR REPLACE FUNCTION pg_catalog.super_lt(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_lt';
CREATE OR REPLACE FUNCTION pg_catalog.super_le(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_le';
CREATE OR REPLACE FUNCTION pg_catalog.super_gt(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_gt';
CREATE OR REPLACE FUNCTION pg_catalog.super_ge(super, super) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'text_ge';
CREATE OR REPLACE FUNCTION pg_catalog.super_cmp(super, super) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bttextcmp';
CREATE OR REPLACE FUNCTION pg_catalog.super_hash(super) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashtext';
CREATE OR REPLACE FUNCTION pg_catalog.super_field(super, text) RETURNS super
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_object_field';
CREATE OR REPLACE FUNCTION pg_catalog.super_element(super, integer) RETURNS super
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_array_element';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'super_ops') THEN
        RETURN;
    END IF;
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
END
$$;

-- Navigation: what is not there, or is JSON's null, is null.
CREATE OR REPLACE FUNCTION pg_catalog.super_get(super, text) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nullif(super_field($1, $2), 'null'::super);
CREATE OR REPLACE FUNCTION pg_catalog.super_get(super, integer) RETURNS super
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nullif(super_element($1, $2), 'null'::super);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_operator WHERE oprname = '->' AND oprleft = 'super'::regtype) THEN
        RETURN;
    END IF;
    CREATE OPERATOR pg_catalog.-> (
        FUNCTION = pg_catalog.super_get, LEFTARG = super, RIGHTARG = text
    );
    CREATE OPERATOR pg_catalog.-> (
        FUNCTION = pg_catalog.super_get, LEFTARG = super, RIGHTARG = integer
    );
END
$$;
