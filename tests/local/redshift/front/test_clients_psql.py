"""psql: statements, its backslash commands, and \\copy."""

import os
import subprocess

import pytest

from infrastructure.local.postgres import binary

PSQL = binary("psql")


@pytest.fixture
def environment(address: dict[str, str], schema: str) -> dict[str, str]:
    """What psql reads its connection from."""
    return os.environ | {
        "PGHOST": address["host"],
        "PGPORT": address["port"],
        "PGDATABASE": address["dbname"],
        "PGUSER": address["user"],
        "PGPASSWORD": address["password"],
        "PGOPTIONS": f"-c search_path={schema}",
    }


def psql(environment: dict[str, str], *commands: str, text: str = "") -> tuple[str, str]:
    """Run psql without its settings file; returns what it printed and complained."""
    arguments = [part for command in commands for part in ("-c", command)]
    done = subprocess.run(
        [str(PSQL), "-X", "-A", "-t", *arguments],
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout, done.stderr


def test_statements_and_errors(environment: dict[str, str]) -> None:
    """Rows on one side, Redshift's messages on the other."""
    out, err = psql(
        environment,
        "CREATE TABLE t (id int DISTKEY, v varchar(3))",
        "INSERT INTO t VALUES (1, 'abc')",
        "SELECT * FROM t",
        "INSERT INTO t VALUES (2, 'abcd')",
    )
    assert out.splitlines() == ["CREATE TABLE", "INSERT 0 1", "1|abc"]
    assert err.splitlines() == ["ERROR:  value too long for type character varying(3)"]


def test_a_script_from_standard_input(environment: dict[str, str]) -> None:
    """Statements with comments and texts, one after the other, with rows in between."""
    script = """
        CREATE TABLE t (i int, v text); -- a comment; with a semicolon
        COPY t FROM STDIN;
1\tone
2\t\\N
\\.
        BEGIN; TRUNCATE t; COMMIT;
        \\copy t from program 'printf "3\\\\tthree\\\\n"'
        SELECT i, v, 'a;b' /* ; */ FROM t;
    """
    out, err = psql(environment, text=script)
    assert out.splitlines()[-1] == "3|three|a;b"
    assert err == "WARNING:  there is no transaction in progress\n"


def test_backslash_commands(environment: dict[str, str], schema: str) -> None:
    """\\d, \\dt, \\dn, \\l, \\du and \\conninfo look as they do at PostgreSQL."""
    out, err = psql(
        environment, "CREATE TABLE looked (id int PRIMARY KEY, v varchar(3))", "\\d looked", "\\dt"
    )
    assert "id|integer||not null|" in out
    assert f"{schema}|looked|table|" in out
    assert "redshift_bytes" not in out
    assert psql(environment, "\\dn", "\\l", "\\du", "\\df getdate", "\\conninfo")[1] == err == ""
