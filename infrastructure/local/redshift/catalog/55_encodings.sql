-- The numbers are those of this list; only format_encoding() makes sense of them.
CREATE OR REPLACE FUNCTION redshift_catalog.encodings() RETURNS text[]
    LANGUAGE sql IMMUTABLE RETURN ARRAY['none', 'raw', 'auto', 'az64', 'bytedict', 'delta', 'delta32k',
        'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength', 'text255', 'text32k', 'zstd'];
CREATE OR REPLACE FUNCTION pg_catalog.format_encoding(number integer) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN CASE number WHEN 1 THEN 'none'
        ELSE (redshift_catalog.encodings())[number + 1] END;
