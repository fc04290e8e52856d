"""Rows that COPY refuses: told exactly, counted against MAXERROR, kept after a rollback."""

import pytest

from tests.local.redshift.bulk import ROLE, Client, Connect, Place

TABLE = (
    "CREATE TABLE t (i integer, v varchar(4), c char(2), d date, s timestamp, n numeric(4,1),"
    " o boolean, r real, j super, m integer NOT NULL)"
)
GOOD = "1,éé,ab,2024-01-02,2024-01-02 03:04:05,1.5,t,1.5,[],1"


@pytest.mark.parametrize(
    ("field", "value", "column", "code", "reason"),
    [
        (0, "12a", "i", 1207, "Invalid digit, Value 'a', Pos 2, Type: Integer"),
        (0, "0x1F", "i", 1207, "Invalid digit, Value 'x', Pos 1, Type: Integer"),
        (0, "1.0", "i", 1207, "Invalid digit, Value '.', Pos 1, Type: Integer"),
        (0, "3000000000", "i", 1222, "Overflow, Value '3000000000', Type: Integer"),
        (1, "ééé", "v", 1204, "String length exceeds DDL length"),
        (
            2,
            "é",
            "c",
            1220,
            "Multibyte character not supported for CHAR (Hint: try using VARCHAR)."
            " Invalid char: c3 a9",
        ),
        (2, "abc", "c", 1204, "String length exceeds DDL length"),
        (3, "2023-02-29", "d", 1205, "Invalid date format or value [YYYY-MM-DD]"),
        (3, "1/2/2024", "d", 1205, "Invalid Date Format - length must be 10 or more"),
        (
            4,
            "2024-01-02T03:04:05",
            "s",
            1206,
            "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]",
        ),
        (5, "12,5", "n", 1207, "Invalid digit, Value ',', Pos 2, Type: Decimal"),
        (5, "1000", "n", 1209, "Overflow for NUMERIC(4,1), Value '1000'"),
        (6, "maybe", "o", 1210, "Unknown boolean format"),
        (7, "fast", "r", 1208, "Invalid float format or value, Value 'fast'"),
        (9, "", "m", 1213, "Missing data for not-null field"),
    ],
)
def test_each_fault_has_its_code_and_reason(
    client: Client, place: Place, field: int, value: str, column: str, code: int, reason: str
) -> None:
    """stl_load_errors names line, column, raw value, Redshift's code and its reason."""
    client.run(TABLE)
    fields = GOOD.split(",")
    fields[field] = f'"{value}"' if "," in value else value
    uri = place.put("rows.csv", f"{GOOD}\n{','.join(fields)}\n{GOOD}\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV MAXERROR 2")
    [(line, name, _, raw, found_code, found_reason)] = client.load_errors()
    assert (line, name, raw, found_code, found_reason) == (2, column, value, code, reason)
    assert client.run("SELECT count(*) FROM t") == [(2,)]


def test_lines_that_are_no_rows(client: Client, place: Place) -> None:
    """Too many fields, too few, broken quotes, bytes that are not UTF-8 and NULs are told by line."""
    client.run("CREATE TABLE t (a integer, b varchar(9))")
    lines = [b"1,x", b"2,x,y", b"3", b'4,"x"y', b"5,\xff", b"6,a\0b", b'7,"ok\n', b'"', b'8,5" y']
    uri = place.put("rows.csv", b"\n".join(lines) + b'\n9,"open')
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV MAXERROR 50")
    assert client.load_errors() == [
        (2, "", "", "", 1202, "Extra column(s) found"),
        (3, "b", "varchar", "", 1203, "Fewer columns found than were defined in the DDL"),
        (4, "", "", "", 1214, "Invalid quote formatting for CSV"),
        (
            5,
            "b",
            "varchar",
            "�",
            1220,
            "String contains invalid or unsupported UTF8 codepoints."
            " Bad UTF8 hex sequence: ff (error 3)",
        ),
        (
            6,
            "b",
            "varchar",
            "a.b",
            1216,
            "Missing newline: Unexpected character 0x00 found at location 1",
        ),
        (10, "", "", "", 1214, "Invalid quote formatting for CSV"),
        (11, "", "", "", 1214, "Invalid quote formatting for CSV"),
    ]
    assert client.run("SELECT a, b FROM t ORDER BY a") == [(1, "x"), (7, "ok\n\n")]


def test_invalid_characters_are_replaced_on_request(client: Client, place: Place) -> None:
    """ACCEPTINVCHARS puts its character in the place of each byte that is not UTF-8."""
    client.run("CREATE TABLE t (a varchar(9))")
    uri = place.put("rows.csv", b"a\xff\xe2\x82b\n")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV ACCEPTINVCHARS '^'")
    assert client.run("SELECT a FROM t") == [("a^^^b",)]


def test_without_maxerror_the_first_fault_ends_the_load(client: Client, place: Place) -> None:
    """The load fails with Redshift's message and nothing is loaded."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("rows.csv", "1\nx\ny\n")
    error = client.refused(f"COPY t FROM '{uri}' {ROLE} CSV")
    assert error.pgcode == "XX000"
    assert error.diag.message_primary == (
        "Load into table 't' failed.  Check 'stl_load_errors' system table for details."
    )
    assert f"{uri}, line 2" in str(error.diag.message_detail)
    assert [row[0] for row in client.load_errors()] == [2]
    assert client.run("SELECT count(*) FROM t") == [(0,)]


def test_maxerror_is_the_number_that_fails(client: Client, place: Place) -> None:
    """MAXERROR n lets n - 1 rows go; with n refused rows the load fails."""
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("rows.csv", "1\nx\n2\ny\n3\n")
    client.refused(f"COPY t FROM '{uri}' {ROLE} CSV MAXERROR 2")
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV MAXERROR AS 3")
    assert client.run("SELECT a FROM t ORDER BY a") == [(1,), (2,), (3,)]
    notices = "".join(client.connection.notices)
    assert "completed, 2 record(s) could not be loaded" in notices
    assert "completed, 3 record(s) loaded successfully" in notices
    assert client.run("SELECT pg_last_copy_count()") == [(3,)]


def test_refused_rows_outlive_the_rollback(connect: Connect, place: Place) -> None:
    """The failed transaction takes the rows back, not the record of what was refused."""
    client, other = connect(), connect()
    client.run("CREATE TABLE t (a integer)")
    uri = place.put("rows.csv", "1\nx\n")
    client.run("BEGIN")
    client.refused(f"COPY t FROM '{uri}' {ROLE} CSV")
    client.run("ROLLBACK")
    for session in (client, other):
        found = session.run(
            "SELECT trim(file_name), line_number, trim(column_name), error_code"
            f" FROM sys_load_error_detail WHERE file_name = '{uri}'"
        )
        assert found == [(uri, 2, "a", 1207)]
        assert session.run(
            f"SELECT trim(value) FROM stl_loaderror_detail WHERE filename = '{uri}'"
        ) == [("x",)]


def test_line_numbers_count_headers_and_lines_inside_quotes(client: Client, place: Place) -> None:
    """A line number is one that an editor shows for the file."""
    client.run("CREATE TABLE t (a integer, b varchar(9))")
    uri = place.put("rows.csv", 'a,b\n1,"x\ny"\nz,3\n')
    client.run(f"COPY t FROM '{uri}' {ROLE} CSV IGNOREHEADER 1 MAXERROR 2")
    assert [row[0] for row in client.load_errors()] == [4]
