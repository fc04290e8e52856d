"""COPY reads CSV as Redshift does."""

import gzip

import pyarrow as pa

from tests.local.redshift.bulk import ROLE, Client, Place

EVERY_TYPE = (
    "CREATE TABLE every_type (i smallint, n integer, b bigint, d numeric(8,2), r real,"
    " f double precision, o boolean, t date, s timestamp, z timestamptz, v varchar(20),"
    " c char(4), j super)"
)


def test_every_type_arrives_by_value(client: Client, place: Place) -> None:
    """Each of Redshift's types is loaded from its usual spelling."""
    client.run(EVERY_TYPE)
    uri = place.put(
        "rows.csv",
        "1,-2,9223372036854775807,12.34,1.5,1e-3,true,2024-02-29,2024-02-29 12:30:01.123456,"
        '2024-02-29 12:30:01+02,"Dörte, ""D""",ab,"{""a"": [1.0, null]}"\n'
        "2,,,,,,,,,,,,\n",
    )
    client.run(f"COPY every_type FROM '{uri}' {ROLE} CSV")
    texts = ", ".join(f"{name}::varchar" for name in "inbdrfotsz")
    rows = client.run(f"SELECT {texts}, v, trim(c), j.a[0]::varchar FROM every_type ORDER BY i")
    assert rows[0] == (
        "1",
        "-2",
        "9223372036854775807",
        "12.34",
        "1.5",
        "0.001",
        "true",
        "2024-02-29",
        "2024-02-29 12:30:01.123456",
        "2024-02-29 10:30:01+00",
        'Dörte, "D"',
        "ab",
        "1.0",
    )
    assert rows[1] == ("2", *[None] * 9, "", "", None)


def test_unusual_spellings_are_accepted(client: Client, place: Place) -> None:
    """Signs, leading zeros, blanks around numbers and words for booleans are no errors."""
    client.run("CREATE TABLE t (n integer, d numeric(6,2), o boolean)")
    uri = place.put("rows.csv", "+7,1.239,YES\n 007 ,-.5,0\n-0, 3 ,n\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
    rows = client.run("SELECT n, d::varchar, o FROM t ORDER BY n DESC, d")
    assert sorted(rows) == [(0, "3.00", False), (7, "-0.50", False), (7, "1.23", True)]


def test_rounding_needs_roundec(client: Client, place: Place) -> None:
    """Digits beyond the scale are cut off; ROUNDEC rounds."""
    client.run("CREATE TABLE t (d numeric(8,2))")
    uri = place.put("rows.csv", "20.259\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV ROUNDEC")
    assert client.run("SELECT d::varchar FROM t ORDER BY d") == [("20.25",), ("20.26",)]


def test_nulls_and_empty_texts_are_told_apart(client: Client, place: Place) -> None:
    """An empty VARCHAR field is an empty text; EMPTYASNULL, BLANKSASNULL and NULL AS make NULLs."""
    client.run("CREATE TABLE t (k integer, v varchar(10))")
    uri = place.put("rows.csv", '1,\n2,"  "\n3,\\N\n4,NA\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
    assert client.run("SELECT v FROM t ORDER BY k") == [("",), ("  ",), (None,), ("NA",)]
    client.run("DELETE FROM t")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV EMPTYASNULL BLANKSASNULL NULL AS 'NA'")
    assert client.run("SELECT v FROM t ORDER BY k") == [(None,), (None,), ("\\N",), (None,)]


def test_lines_inside_quotes_belong_to_one_row(client: Client, place: Place) -> None:
    """A line end, a delimiter and a doubled quote inside quotes are text; CRLF ends a row too."""
    client.run("CREATE TABLE t (k integer, v varchar(40))")
    uri = place.put("rows.csv", '1,"two\nlines, ""quoted"""\r\n2,plain\r\n3,"no end of line"')
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV")
    assert client.run("SELECT v FROM t ORDER BY k") == [
        ('two\nlines, "quoted"',),
        ("plain",),
        ("no end of line",),
    ]


def test_options_of_form(client: Client, place: Place) -> None:
    """DELIMITER, QUOTE, IGNOREHEADER, TRIMBLANKS, TRUNCATECOLUMNS and a column list are honoured."""
    client.run("CREATE TABLE t (a varchar(5), b varchar(5), c varchar(5) DEFAULT 'made')")
    uri = place.put("rows.csv", "head;head\n'x;y';trim  \néééé;b\n")
    client.run(
        f"COPY t (b, a) FROM '{uri}' {ROLE} CSV QUOTE AS '''' DELIMITER AS ';' IGNOREHEADER AS 1"
        " TRIMBLANKS TRUNCATECOLUMNS"
    )
    assert client.run("SELECT a, b, c FROM t ORDER BY a") == [
        ("b", "éé", "made"),
        ("trim", "x;y", "made"),
    ]


def test_missing_fields_are_filled_on_request(client: Client, place: Place) -> None:
    """FILLRECORD fills what is missing at the end, IGNOREBLANKLINES skips empty lines."""
    client.run("CREATE TABLE t (a integer, b varchar(5), c integer)")
    uri = place.put("rows.csv", "1\n\n2,x\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV FILLRECORD IGNOREBLANKLINES")
    assert client.run("SELECT * FROM t ORDER BY a") == [(1, "", None), (2, "x", None)]


def test_dates_of_any_kind(client: Client, place: Place) -> None:
    """DATEFORMAT 'auto' reads many forms, a format of one's own its own, ACCEPTANYDATE the rest."""
    client.run("CREATE TABLE t (k integer, d date)")
    auto = place.put("auto.csv", "1,02/03/2024\n2,20240302\n3,2 Mar 2024\n4,2024-3-2\n")
    client.run(f"COPY t FROM '{auto}' {ROLE} CSV DATEFORMAT 'auto'")
    own = place.put("own.csv", "5,02.03.24\n6,no date\n")
    client.run(f"COPY t FROM '{own}' {ROLE} CSV DATEFORMAT 'DD.MM.YY' ACCEPTANYDATE")
    rows = client.run("SELECT k, d::varchar FROM t ORDER BY k")
    assert rows == [
        (1, "2024-02-03"),
        (2, "2024-03-02"),
        (3, "2024-03-02"),
        (4, "2024-03-02"),
        (5, "2024-03-02"),
        (6, None),
    ]


def test_times_of_any_kind(client: Client, place: Place) -> None:
    """TIMEFORMAT reads 'auto', seconds of the epoch, and a format of one's own."""
    client.run("CREATE TABLE t (k integer, s timestamp)")
    for key, text, form in (
        (1, "2024-03-02T04:05:06Z", "auto"),
        (2, "1709352306", "epochsecs"),
        (3, "1709352306000", "epochmillisecs"),
        (4, "03/02/2024 04:05 AM", "MM/DD/YYYY HH12:MI AM"),
    ):
        uri = place.put(f"{key}.csv", f"{key},{text}\n")
        client.run(f"COPY t FROM '{uri}' {ROLE} CSV TIMEFORMAT '{form}'")
    rows = client.run("SELECT s::varchar FROM t ORDER BY k")
    assert rows == [("2024-03-02 04:05:06",)] * 3 + [("2024-03-02 04:05:00",)]


def test_compressed_files(client: Client, place: Place) -> None:
    """GZIP, ZSTD and BZIP2 files are read, gzip of several members too."""
    client.run("CREATE TABLE t (k integer)")
    members = gzip.compress(b"1\n") + gzip.compress(b"2\n")
    client.run(f"COPY t FROM '{place.put('a.gz', members)}' {ROLE} CSV GZIP")
    zstd = pa.compress(b"3\n", codec="zstd", asbytes=True)
    client.run(f"COPY t FROM '{place.put('a.zst', zstd)}' {ROLE} CSV ZSTD")
    assert client.run("SELECT k FROM t ORDER BY k") == [(1,), (2,), (3,)]


def test_text_without_quotes(client: Client, place: Place) -> None:
    """Delimited text: a pipe by default, ESCAPE and REMOVEQUOTES, a delimiter that ends the line."""
    client.run("CREATE TABLE t (k integer, v varchar(20))")
    plain = place.put("a", '1|say "hi"\n2|b|\n')
    client.run(f"COPY t FROM '{plain}' {ROLE}")
    escaped = place.put("b", "3|a\\|b\\\nc\n4|\\N\n")
    client.run(f"COPY t FROM '{escaped}' {ROLE} ESCAPE")
    quoted = place.put("c", "5,'a,b'\n6,\"c\"\n")
    client.run(f"COPY t FROM '{quoted}' {ROLE} DELIMITER ',' REMOVEQUOTES")
    assert client.run("SELECT v FROM t ORDER BY k") == [
        ('say "hi"',),
        ("b",),
        ("a|b\nc",),
        (None,),
        ("a,b",),
        ("c",),
    ]


def test_identity_columns_are_generated(client: Client, place: Place) -> None:
    """The files hold no identity values, unless EXPLICIT_IDS says so."""
    client.run("CREATE TABLE t (k integer IDENTITY(1,1), v varchar(5))")
    client.run(f"COPY t FROM '{place.put('a.csv', 'x')}' {ROLE} CSV")
    client.run(f"COPY t FROM '{place.put('b.csv', '70,y')}' {ROLE} CSV EXPLICIT_IDS")
    assert client.run("SELECT k, v FROM t ORDER BY k") == [(1, "x"), (70, "y")]


def test_checking_without_loading(client: Client, place: Place) -> None:
    """NOLOAD checks the files and loads nothing."""
    client.run("CREATE TABLE t (k integer)")
    uri = place.put("a.csv", "1\nx\n")
    assert "failed" in str(client.refused(f"COPY t FROM '{uri}' {ROLE} CSV NOLOAD"))
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV NOLOAD MAXERROR 2")
    assert client.run("SELECT count(*) FROM t") == [(0,)]
