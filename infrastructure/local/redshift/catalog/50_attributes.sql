-- What a table has in Redshift and PostgreSQL does not know.

-- Grain: one table for which something was said.
CREATE TABLE IF NOT EXISTS redshift_catalog.attributes (
    reloid oid PRIMARY KEY,
    style text NOT NULL DEFAULT '',
    dist_key smallint,
    sort_keys smallint[] NOT NULL DEFAULT '{}',
    interleaved boolean NOT NULL DEFAULT false,
    encodings jsonb NOT NULL DEFAULT '{}'
);

-- Grain: one key that was declared; Redshift does not enforce them.
CREATE TABLE IF NOT EXISTS redshift_catalog.constraints (
    oid oid NOT NULL,
    conrelid oid NOT NULL,
    contype text NOT NULL,
    conkey smallint[] NOT NULL,
    conname text NOT NULL,
    confrelid oid,
    definition text NOT NULL
);
CREATE SEQUENCE IF NOT EXISTS redshift_catalog.constraint_number START 3000000000;
GRANT SELECT, INSERT, UPDATE, DELETE ON redshift_catalog.attributes, redshift_catalog.constraints
    TO PUBLIC;
GRANT USAGE ON SEQUENCE redshift_catalog.constraint_number TO PUBLIC;

-- The column's number; an error of PostgreSQL's own kind when there is no such column.
CREATE OR REPLACE FUNCTION redshift_catalog.column_number(relation regclass, column_name text)
    RETURNS smallint LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    number smallint;
BEGIN
    SELECT attnum INTO number FROM pg_catalog.pg_attribute
    WHERE attrelid = relation AND attname = lower(column_name) AND NOT attisdropped;
    IF number IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42703',
            MESSAGE = format('column "%s" named in key does not exist', column_name);
    END IF;
    RETURN number;
END
$$;

CREATE OR REPLACE FUNCTION redshift_catalog.column_numbers(relation regclass, column_names jsonb)
    RETURNS smallint[] LANGUAGE sql STABLE STRICT
    RETURN (
        SELECT coalesce(array_agg(redshift_catalog.column_number(relation, c.name) ORDER BY c.place), '{}')
        FROM jsonb_array_elements_text(column_names) WITH ORDINALITY AS c (name, place)
        WHERE c.name <> ''
    );

-- Takes the JSON of the front's Attributes; what is empty there stays as it was.
CREATE OR REPLACE FUNCTION redshift_catalog.record(said text) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    a jsonb := said;
    relation regclass := (a ->> 'name')::regclass;
    c jsonb;
BEGIN
    INSERT INTO redshift_catalog.attributes (reloid) VALUES (relation) ON CONFLICT DO NOTHING;
    IF a ->> 'template' <> '' THEN
        UPDATE redshift_catalog.attributes t
        SET style = s.style, dist_key = s.dist_key, sort_keys = s.sort_keys,
            interleaved = s.interleaved, encodings = s.encodings
        FROM redshift_catalog.attributes s
        WHERE t.reloid = relation AND s.reloid = (a ->> 'template')::regclass;
    END IF;
    UPDATE redshift_catalog.attributes t
    SET style = CASE
            WHEN a ->> 'style' <> '' THEN a ->> 'style'
            WHEN a ->> 'dist_key' <> '' THEN 'KEY'
            ELSE t.style END,
        dist_key = CASE
            WHEN a ->> 'dist_key' <> ''
            THEN redshift_catalog.column_number(relation, a ->> 'dist_key')
            WHEN a ->> 'style' IN ('', 'KEY') THEN t.dist_key END,
        sort_keys = CASE
            WHEN a -> 'sort_keys' <> '[]'
            THEN redshift_catalog.column_numbers(relation, a -> 'sort_keys')
            ELSE t.sort_keys END,
        interleaved = CASE
            WHEN a -> 'sort_keys' <> '[]' THEN (a ->> 'interleaved')::boolean
            ELSE t.interleaved END,
        encodings = t.encodings || coalesce((
            SELECT jsonb_object_agg(redshift_catalog.column_number(relation, e.key)::text, e.value)
            FROM jsonb_each_text(a -> 'encodings') e), '{}')
    WHERE t.reloid = relation;
    FOR c IN SELECT jsonb_array_elements(a -> 'constraints') LOOP
        PERFORM redshift_catalog.record_key(relation, c);
    END LOOP;
END
$$;

-- One key: [kind, columns, referenced table, referenced columns].
CREATE OR REPLACE FUNCTION redshift_catalog.record_key(relation regclass, said jsonb) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    numbers smallint[] := redshift_catalog.column_numbers(relation, said -> 1);
    referenced regclass := nullif(said ->> 2, '')::regclass;
    list text;
    list_referenced text;
    text_of text;
    suffix text;
BEGIN
    SELECT string_agg(quote_ident(lower(name)), ', ') INTO list
    FROM jsonb_array_elements_text(said -> 1) name;
    SELECT string_agg(quote_ident(lower(name)), ', ') INTO list_referenced
    FROM jsonb_array_elements_text(said -> 3) name;
    IF said ->> 0 = 'p' THEN
        text_of := format('PRIMARY KEY (%s)', list);
        suffix := 'pkey';
    ELSIF said ->> 0 = 'u' THEN
        text_of := format('UNIQUE (%s)', list);
        suffix := replace(list, ', ', '_') || '_key';
    ELSE
        IF list_referenced IS NULL THEN
            SELECT substring(definition FROM '\((.*)\)') INTO list_referenced
            FROM redshift_catalog.constraints WHERE conrelid = referenced AND contype = 'p';
        END IF;
        text_of := format('FOREIGN KEY (%s) REFERENCES %s(%s)', list, referenced, list_referenced);
        suffix := replace(list, ', ', '_') || '_fkey';
    END IF;
    INSERT INTO redshift_catalog.constraints
    SELECT nextval('redshift_catalog.constraint_number')::oid, relation, said ->> 0, numbers,
        c.relname || '_' || suffix, referenced, text_of
    FROM pg_catalog.pg_class c WHERE c.oid = relation;
END
$$;

CREATE OR REPLACE FUNCTION redshift_catalog.forget_constraint(relation text, name text) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM redshift_catalog.constraints
    WHERE conrelid = relation::regclass AND conname = lower(name);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42704',
            MESSAGE = format('constraint "%s" of relation "%s" does not exist', name, relation);
    END IF;
END
$$;
