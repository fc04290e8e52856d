-- Redshift's functions that PostgreSQL lacks, or has with other types.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 '
        '(Red Hat 3.4.2-6.fc3), Redshift 1.0.100000';

CREATE OR REPLACE FUNCTION pg_catalog.getdate() RETURNS timestamp
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN date_trunc('second', statement_timestamp()::timestamp);
CREATE OR REPLACE FUNCTION pg_catalog.sysdate() RETURNS timestamp
    LANGUAGE sql STABLE PARALLEL SAFE RETURN transaction_timestamp()::timestamp;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
CREATE OR REPLACE FUNCTION redshift_catalog.date_part_name(part text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE
        WHEN lower(part) IN ('millennium', 'millennia', 'mil', 'mils') THEN 'millennium'
        WHEN lower(part) IN ('century', 'centuries', 'c', 'cent', 'cents') THEN 'century'
        WHEN lower(part) IN ('decade', 'decades', 'dec', 'decs') THEN 'decade'
        WHEN lower(part) IN ('year', 'years', 'y', 'yr', 'yrs') THEN 'year'
        WHEN lower(part) IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN 'quarter'
        WHEN lower(part) IN ('month', 'months', 'mon', 'mons') THEN 'month'
        WHEN lower(part) IN ('week', 'weeks', 'w') THEN 'week'
        WHEN lower(part) IN ('day', 'days', 'd') THEN 'day'
        WHEN lower(part) IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN 'hour'
        WHEN lower(part) IN ('minute', 'minutes', 'm', 'min', 'mins') THEN 'minute'
        WHEN lower(part) IN ('second', 'seconds', 's', 'sec', 'secs') THEN 'second'
        WHEN lower(part) IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'msecond',
            'mseconds', 'millisec', 'millisecs', 'millisecon') THEN 'millisecond'
        WHEN lower(part) IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs', 'usecond',
            'useconds', 'microsec', 'microsecs', 'microsecond') THEN 'microsecond'
        ELSE lower(part)
    END;

CREATE OR REPLACE FUNCTION redshift_catalog.date_interval(part text, amount bigint) RETURNS interval
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE redshift_catalog.date_part_name(part)
        WHEN 'quarter' THEN make_interval(months => (amount * 3)::integer)
        ELSE (amount || ' ' || redshift_catalog.date_part_name(part))::interval
    END;

CREATE OR REPLACE FUNCTION pg_catalog.dateadd(part text, amount bigint, moment timestamp)
    RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN moment + redshift_catalog.date_interval(part, amount);
CREATE OR REPLACE FUNCTION pg_catalog.dateadd(part text, amount bigint, moment timestamptz)
    RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN moment + redshift_catalog.date_interval(part, amount);
CREATE OR REPLACE FUNCTION pg_catalog.dateadd(part text, amount bigint, moment date)
    RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN moment + redshift_catalog.date_interval(part, amount);
CREATE OR REPLACE FUNCTION pg_catalog.dateadd(part text, amount bigint, moment text)
    RETURNS timestamp LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN moment::timestamp + redshift_catalog.date_interval(part, amount);

-- Counts the boundaries between two moments, so a second over New Year's Eve is one year.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
CREATE OR REPLACE FUNCTION pg_catalog.datediff(part text, first timestamp, second timestamp)
    RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE redshift_catalog.date_part_name(part)
        WHEN 'millennium' THEN extract(millennium FROM second) - extract(millennium FROM first)
        WHEN 'century' THEN extract(century FROM second) - extract(century FROM first)
        WHEN 'decade' THEN extract(decade FROM second) - extract(decade FROM first)
        WHEN 'year' THEN extract(year FROM second) - extract(year FROM first)
        WHEN 'quarter' THEN (extract(year FROM second) - extract(year FROM first)) * 4
            + extract(quarter FROM second) - extract(quarter FROM first)
        WHEN 'month' THEN (extract(year FROM second) - extract(year FROM first)) * 12
            + extract(month FROM second) - extract(month FROM first)
        WHEN 'week' THEN ((second::date - extract(dow FROM second)::integer)
            - (first::date - extract(dow FROM first)::integer)) / 7
        WHEN 'day' THEN second::date - first::date
        WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', second) - date_trunc('hour', first)) / 3600
        WHEN 'minute'
            THEN extract(epoch FROM date_trunc('minute', second) - date_trunc('minute', first)) / 60
        WHEN 'second' THEN extract(epoch FROM date_trunc('second', second) - date_trunc('second', first))
        WHEN 'millisecond' THEN extract(epoch FROM
            date_trunc('milliseconds', second) - date_trunc('milliseconds', first)) * 1000
        WHEN 'microsecond' THEN extract(epoch FROM second - first) * 1000000
        ELSE redshift_catalog.unknown_date_part(part)
    END::bigint;

CREATE OR REPLACE FUNCTION pg_catalog.last_day(moment timestamp) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (date_trunc('month', moment) + interval '1 month - 1 day')::date;

-- The last day of a month stays the last day.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_ADD_MONTHS.html
CREATE OR REPLACE FUNCTION pg_catalog.add_months(moment timestamp, months bigint) RETURNS timestamp
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN moment::date = last_day(moment)
        THEN last_day(moment + make_interval(months => months::integer)) + moment::time
        ELSE moment + make_interval(months => months::integer) END;

-- https://docs.aws.amazon.com/redshift/latest/dg/r_MONTHS_BETWEEN_function.html
CREATE OR REPLACE FUNCTION pg_catalog.months_between(first timestamp, second timestamp)
    RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN datediff('month', second, first) + CASE
        WHEN extract(day FROM first) = extract(day FROM second) THEN 0
        WHEN first::date = last_day(first) AND second::date = last_day(second) THEN 0
        ELSE (extract(epoch FROM first - date_trunc('month', first))
            - extract(epoch FROM second - date_trunc('month', second))) / (31 * 86400.0)
        END::double precision;

CREATE OR REPLACE FUNCTION pg_catalog.convert_timezone(source text, target text, moment timestamp)
    RETURNS timestamp LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (moment AT TIME ZONE source) AT TIME ZONE target;
CREATE OR REPLACE FUNCTION pg_catalog.convert_timezone(target text, moment timestamp)
    RETURNS timestamp LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (moment AT TIME ZONE 'UTC') AT TIME ZONE target;
CREATE OR REPLACE FUNCTION pg_catalog.trunc(timestamp) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::date;

CREATE OR REPLACE FUNCTION pg_catalog.nvl(anycompatible, anycompatible) RETURNS anycompatible
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT coalesce($1, $2)';
CREATE OR REPLACE FUNCTION pg_catalog.nvl(anycompatible, anycompatible, anycompatible)
    RETURNS anycompatible
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT coalesce($1, $2, $3)';
CREATE OR REPLACE FUNCTION pg_catalog.nvl(anycompatible, anycompatible, anycompatible, anycompatible)
    RETURNS anycompatible
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT coalesce($1, $2, $3, $4)';
CREATE OR REPLACE FUNCTION pg_catalog.nvl2(anyelement, anycompatible, anycompatible)
    RETURNS anycompatible
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END';
CREATE OR REPLACE FUNCTION pg_catalog."isnull"(anycompatible, anycompatible) RETURNS anycompatible
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT coalesce($1, $2)';

-- Unlike PostgreSQL's, null with one argument null.
CREATE OR REPLACE FUNCTION pg_catalog.concat(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1 || $2;
-- Trailing blanks of CHAR are not counted.
CREATE OR REPLACE FUNCTION pg_catalog.len(text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN length($1);
CREATE OR REPLACE FUNCTION pg_catalog.len(bytea) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN length($1);
CREATE OR REPLACE FUNCTION pg_catalog.charindex(sought text, whole text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN strpos(whole, sought);
CREATE OR REPLACE FUNCTION pg_catalog.replicate(text, integer) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN repeat($1, $2);
CREATE OR REPLACE FUNCTION pg_catalog.round(double precision, integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN round($1::numeric, $2)::double precision;
CREATE OR REPLACE FUNCTION pg_catalog.trunc(double precision, integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN trunc($1::numeric, $2)::double precision;
CREATE OR REPLACE FUNCTION pg_catalog.sha2(text, integer) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE $2
        WHEN 224 THEN encode(sha224(convert_to($1, 'UTF8')), 'hex')
        WHEN 384 THEN encode(sha384(convert_to($1, 'UTF8')), 'hex')
        WHEN 512 THEN encode(sha512(convert_to($1, 'UTF8')), 'hex')
        WHEN 256 THEN encode(sha256(convert_to($1, 'UTF8')), 'hex')
        WHEN 0 THEN encode(sha256(convert_to($1, 'UTF8')), 'hex')
    END;

CREATE OR REPLACE FUNCTION pg_catalog.is_valid_json(text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1 IS JSON;
CREATE OR REPLACE FUNCTION pg_catalog.can_json_parse(text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1 IS JSON;
CREATE OR REPLACE FUNCTION pg_catalog.is_valid_json_array(text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1 IS JSON ARRAY;

-- What is missing is null, broken JSON an error, unless null_if_invalid. (The CASE stands inside of
-- the cast, so that the planner cannot try the cast of a constant beforehand.)
-- https://docs.aws.amazon.com/redshift/latest/dg/JSON_EXTRACT_PATH_TEXT.html
CREATE OR REPLACE FUNCTION redshift_catalog.valid_json(document text, null_if_invalid boolean)
    RETURNS json LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (CASE WHEN document IS JSON OR NOT null_if_invalid THEN document END)::json;
CREATE OR REPLACE FUNCTION pg_catalog.json_extract_path_text(document text, VARIADIC path text[])
    RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN document::json #>> path;
CREATE OR REPLACE FUNCTION pg_catalog.json_extract_path_text(
    document text, a text, null_if_invalid boolean
) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN redshift_catalog.valid_json(document, null_if_invalid) #>> ARRAY[a];
CREATE OR REPLACE FUNCTION pg_catalog.json_extract_path_text(
    document text, a text, b text, null_if_invalid boolean
) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN redshift_catalog.valid_json(document, null_if_invalid) #>> ARRAY[a, b];
CREATE OR REPLACE FUNCTION pg_catalog.json_extract_path_text(
    document text, a text, b text, c text, null_if_invalid boolean
) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN redshift_catalog.valid_json(document, null_if_invalid) #>> ARRAY[a, b, c];
CREATE OR REPLACE FUNCTION pg_catalog.json_extract_array_element_text(
    document text, place integer, null_if_invalid boolean DEFAULT false
) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN place >= 0
        THEN redshift_catalog.valid_json(document, null_if_invalid) ->> place END;
CREATE OR REPLACE FUNCTION pg_catalog.json_array_length(document text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN json_array_length(document::json);

-- Set by COPY: the rows of the session's last one, and its number.
CREATE OR REPLACE FUNCTION pg_catalog.pg_last_copy_count() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN coalesce(nullif(current_setting('redshift.last_copy_count', true), ''), '0')::bigint;
CREATE OR REPLACE FUNCTION pg_catalog.pg_last_copy_id() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN coalesce(nullif(current_setting('redshift.last_copy_id', true), ''), '-1')::bigint;
