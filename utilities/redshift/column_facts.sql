-- Grain: one row for each of the named columns of a table.
-- Why: a column that is dropped takes with it what is said here.
-- Transaction: read inside the load's transaction, before the columns are exchanged.
SELECT a.attname, a.attisdistkey, a.attsortkeyord <> 0, a.attnotnull, a.atthasdef,
    (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey)),
    (SELECT d.description FROM pg_description d WHERE d.objoid = c.oid AND d.objsubid = a.attnum)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s AND a.attname IN %s
