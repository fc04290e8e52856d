"""Redshift's functions and small syntax: the value of each expression."""

import pytest

from tests.local.redshift.front.clients import Client

EXPRESSIONS = [
    ("DATEADD(day, 1, '2024-02-28')", "2024-02-29 00:00:00"),
    ("DATEADD('month', 1, DATE '2024-01-31')", "2024-02-29 00:00:00"),
    ("dateadd(qtr, -1, '2024-01-31'::timestamp)", "2023-10-31 00:00:00"),
    ("DATEADD(hour, 5, TIMESTAMPTZ '2024-01-01 00:00:00+00')", "2024-01-01 05:00:00+00:00"),
    ("DATEADD(week, 2, DATEADD(year, 1, '2024-02-29'))", "2025-03-14 00:00:00"),
    ("DATEDIFF(year, '2024-12-31', '2025-01-01')", "1"),
    ("DATEDIFF(month, '2024-01-31', '2024-02-01')", "1"),
    ("DATEDIFF(day, '2024-02-28 23:59', '2024-03-01 00:01')", "2"),
    ("DATEDIFF(hour, '2024-01-01 00:59', '2024-01-01 01:01')", "1"),
    ("DATEDIFF(qtr, '1998-07-01', '2008-12-31')", "41"),
    ("DATEDIFF(second, '2024-01-01', '2023-12-31 23:59:58')", "-2"),
    ("DATE_PART(dow, DATE '2024-02-29')", "4.0"),
    ("DATE_TRUNC('month', DATE '2024-02-29')::date", "2024-02-01"),
    ("TRUNC(TIMESTAMP '2024-02-29 12:00')", "2024-02-29"),
    ("LAST_DAY('2024-02-03')", "2024-02-29"),
    ("ADD_MONTHS('2024-02-29', 1)::date", "2024-03-31"),
    ("MONTHS_BETWEEN('2024-03-31', '2024-02-29')", "1.0"),
    ("CONVERT_TIMEZONE('US/Eastern', '2024-07-01 12:00')", "2024-07-01 08:00:00"),
    ("CONVERT_TIMEZONE('UTC', 'Asia/Tokyo', '2024-07-01 12:00')", "2024-07-01 21:00:00"),
    ("GETDATE() <= SYSDATE", "True"),
    ("NVL(NULL, NULL, 3)", "3"),
    ("NVL(NULL, 'x')", "x"),
    ("NVL2(NULL::int, 'set', 'unset')", "unset"),
    ("ISNULL(NULL, 4)", "4"),
    ("COALESCE(NULL, 5)", "5"),
    ("DECODE(2, 1, 'one', 2, 'two', 'many')", "two"),
    ("DECODE(NULL, NULL, 'nothing', 'something')", "nothing"),
    ("DECODE(7, 1, 'one', DECODE(7, 7, 'seven'))", "seven"),
    ("DECODE(9, 1, 'one')", "None"),
    ("LEN('Grüße')", "5"),
    ("CHARINDEX('b', 'abc')", "2"),
    ("CONCAT('a', NULL)", "None"),
    ("REPLICATE('ab', 3)", "ababab"),
    ("STRTOL('ff', 16)", "255"),
    ("STRTOL('-101', 2)", "-5"),
    ("SHA2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("MD5('abc')", "900150983cd24fb0d6963f7d28e17f72"),
    ("CONVERT(integer, '12')", "12"),
    ("ROUND(2.345::float8, 2)", "2.35"),
    ("3.7::decimal", "4"),
    ("CAST('abc' AS varchar(max))", "abc"),
    ("'2024-01-02'::datetime", "2024-01-02 00:00:00"),
    ("IS_VALID_JSON('{\"a\": 1}')", "True"),
    ("IS_VALID_JSON('{a}')", "False"),
    ("JSON_EXTRACT_PATH_TEXT('{\"a\": {\"b\": \"x\"}}', 'a', 'b')", "x"),
    ("JSON_EXTRACT_PATH_TEXT('{\"a\": 1}', 'z')", "None"),
    ("JSON_EXTRACT_PATH_TEXT('broken', 'z', true)", "None"),
    ("JSON_EXTRACT_ARRAY_ELEMENT_TEXT('[1, \"two\"]', 1)", "two"),
    ("JSON_ARRAY_LENGTH('[1, 2, 3]')", "3"),
    ("SPLIT_PART('a-b-c', '-', 2)", "b"),
    ("REGEXP_REPLACE('a1b2', '[0-9]', '')", "ab2"),
    ("VERSION() LIKE '%Redshift%'", "True"),
    ("CURRENT_DATABASE()", "dev"),
    ("PG_LAST_COPY_COUNT() >= 0", "True"),
    ("(SELECT TOP 1 i FROM (SELECT 2 AS i UNION SELECT 1) ORDER BY i)", "1"),
    ("(SELECT count(*) FROM (SELECT 1 MINUS SELECT 1) x)", "0"),
    ("(SELECT APPROXIMATE COUNT(DISTINCT i) FROM (SELECT 1 AS i) x)", "1"),
    ("(SELECT MEDIAN(i) FROM (SELECT 1 AS i UNION SELECT 4) x)", "2.5"),
]


@pytest.mark.parametrize(("expression", "value"), EXPRESSIONS)
def test_value(client: Client, expression: str, value: str) -> None:
    """Each gives what Redshift gives."""
    assert str(client.value(f"SELECT {expression}")) == value


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("LISTAGG(v, ', ') WITHIN GROUP (ORDER BY i)", "b, a, b"),
        ("LISTAGG(DISTINCT v, '|') WITHIN GROUP (ORDER BY v DESC)", "b|a"),
        ("LISTAGG(i)  WITHIN GROUP (ORDER BY i DESC)", "321"),
        ("LISTAGG(NVL(v, 'x'), '')", "bab"),
    ],
)
def test_listagg(client: Client, call: str, value: str) -> None:
    """With and without DISTINCT, order and delimiter."""
    client.run(
        "CREATE TEMP TABLE l (i int, v varchar(5)); INSERT INTO l VALUES (1,'b'),(2,'a'),(3,'b')"
    )
    assert client.value(f"SELECT {call} FROM l") == value


def test_an_unknown_date_part_is_an_error(client: Client) -> None:
    """It is not taken for null."""
    error = client.refused("SELECT DATEDIFF(fortnight, '2024-01-01', '2024-02-01')")
    assert 'date part "fortnight" is not recognized' in str(error)


def test_an_unknown_function_is_an_error(client: Client) -> None:
    """What nobody taught PostgreSQL is refused by it."""
    assert client.refused("SELECT ST_AsText(1)").pgcode == "42883"


@pytest.mark.parametrize(
    "name", ["query_group", "wlm_query_slot_count", "enable_result_cache_for_session"]
)
def test_parameters_of_redshift_are_kept(client: Client, name: str) -> None:
    """SET, SHOW and RESET of what only Redshift has."""
    client.run(f"SET {name} TO '3'")
    assert client.value(f"SHOW {name}") == "3"
    client.run(f"RESET {name}")


def test_times_are_utc(client: Client) -> None:
    """As on a cluster, whatever the machine's own zone is."""
    assert client.value("SHOW timezone") == "UTC"
