-- Functions that need more than one expression.

CREATE OR REPLACE FUNCTION redshift_catalog.unknown_date_part(part text) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING
        MESSAGE = format('date part "%s" is not recognized', part), ERRCODE = '22023';
END
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html
CREATE OR REPLACE FUNCTION pg_catalog.strtol(digits text, base integer) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    total numeric := 0;
    digit text;
    weight integer;
BEGIN
    FOREACH digit IN ARRAY regexp_split_to_array(lower(ltrim(digits, '-+')), '') LOOP
        weight := strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1;
        IF digit = '' OR weight < 0 OR weight >= base THEN
            RAISE EXCEPTION USING
                MESSAGE = format('The input %s is not valid to be converted to base %s', digits, base),
                ERRCODE = '22023';
        END IF;
        total := total * base + weight;
    END LOOP;
    RETURN CASE WHEN digits LIKE '-%' THEN -total ELSE total END;
END
$$;
