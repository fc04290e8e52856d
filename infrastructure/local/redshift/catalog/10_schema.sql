-- Where the front keeps what PostgreSQL has no place for.

CREATE SCHEMA IF NOT EXISTS redshift_catalog;
GRANT USAGE ON SCHEMA redshift_catalog TO PUBLIC;

-- Grain: one row; the hash of the SQL files that prepared this database.
CREATE TABLE IF NOT EXISTS redshift_catalog.version (version text NOT NULL);

-- Grain: one name of 64 to 127 bytes that was ever used.
CREATE TABLE IF NOT EXISTS redshift_catalog.names (
    short text PRIMARY KEY,
    whole text NOT NULL
);

CREATE OR REPLACE FUNCTION redshift_catalog.whole_name(short name) RETURNS text
    LANGUAGE sql STABLE STRICT
    RETURN coalesce((SELECT whole FROM redshift_catalog.names n WHERE n.short = $1::text), $1::text);
