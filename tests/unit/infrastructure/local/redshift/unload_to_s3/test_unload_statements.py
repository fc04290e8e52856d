"""UNLOAD statements are read as their clients write them."""

import pytest

from infrastructure.local.redshift.errors import FrontError
from infrastructure.local.redshift.unload_to_s3.statement import LARGEST_FILE_BYTES, read_unload

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"


def test_what_parsons_sends() -> None:
    """The statement of parsons' connector, with its defaults."""
    found = read_unload(
        "\n  UNLOAD ('select * from t where a = ''x''') to 's3://b/out_' \n\n"
        "  credentials 'aws_access_key_id=AK;aws_secret_access_key=SK'\n \n"
        "  PARALLEL True \n\n  MAXFILESIZE 6.2 GB\n ALLOWOVERWRITE \nMANIFEST \n"
        "DELIMITER AS '|' \nADDQUOTES \nESCAPE \nHEADER \nGZIP \n"
    )
    assert found.query == "select * from t where a = 'x'"
    assert found.prefix == "s3://b/out_"
    assert found.max_file_bytes == LARGEST_FILE_BYTES
    assert found.parallel and found.allow_overwrite and found.manifest and not found.verbose
    assert (found.format, found.delimiter, found.compression) == ("text", "|", "gzip")
    assert found.add_quotes and found.escape and found.header
    assert "SK" not in repr(found)


def test_dollar_quotes_and_defaults() -> None:
    """The query may stand in dollar quotes; CSV has a comma, one slice is one sequence of files."""
    found = read_unload(
        f"UNLOAD ($q$SELECT 'a;b' AS x;$q$) TO 's3://b/k' {ROLE} FORMAT AS CSV PARALLEL OFF"
        " MANIFEST VERBOSE MAXFILESIZE AS 5 EXTENSION 'csv' NULL AS 'none'"
    )
    assert found.query == "SELECT 'a;b' AS x"
    assert (found.delimiter, found.parallel, found.verbose) == (",", False, True)
    assert (found.max_file_bytes, found.extension, found.null_as) == (5 * 2**20, "csv", "none")


def test_partitions() -> None:
    """Names may be quoted; the prefix ends in a slash."""
    found = read_unload(
        f"UNLOAD ('SELECT 1') TO 's3://b/k' {ROLE} PARQUET PARTITION BY (a, \"b c\") INCLUDE MANIFEST"
    )
    assert (found.partition_by, found.include_keys) == (("a", "b c"), True)
    assert (found.prefix, found.manifest) == ("s3://b/k/", True)
    assert read_unload(f"UNLOAD ('SELECT 1') TO 's3://b/k' {ROLE}").prefix == "s3://b/k"


@pytest.mark.parametrize(
    ("query", "options", "sqlstate", "told"),
    [
        ("SELECT 1 LIMIT 2", "", "0A000", "Limit clause is not supported"),
        ("DROP TABLE t", "", "42601", "UNLOAD needs a SELECT"),
        ("WITH d AS (DELETE FROM t) SELECT 1", "", "42601", "UNLOAD needs a SELECT"),
        ("SELECT 1", "ENCRYPTED AUTO", "0A000", "ENCRYPTED is not available"),
        ("SELECT 1", "FIXEDWIDTH 'a:1'", "0A000", "FIXEDWIDTH is not available"),
        ("SELECT 1", "CSV ESCAPE", "0A000", "CSV with ESCAPE is not available"),
        ("SELECT 1", "PARQUET GZIP", "42601", "COMPRESSION is not supported for UNLOAD to PARQUET"),
        ("SELECT 1", "JSON HEADER", "42601", "HEADER is not supported for UNLOAD to JSON"),
        ("SELECT 1", "MAXFILESIZE 7 GB", "22023", "between 5 MB and 6.2 GB"),
        ("SELECT 1", "HEADER HEADER", "42601", "conflicting or redundant options"),
        ("SELECT 1", "SLOWLY", "42601", "syntax error"),
    ],
)
def test_refused_statements(query: str, options: str, sqlstate: str, told: str) -> None:
    """What Redshift refuses, and what is not available here, is told by name."""
    with pytest.raises(FrontError) as caught:
        read_unload(
            f"UNLOAD ('{query.replace(chr(39), chr(39) * 2)}') TO 's3://b/k' {ROLE} {options}"
        )
    assert (caught.value.sqlstate, told in caught.value.message) == (sqlstate, True), caught.value


def test_limits_inside_the_query_are_fine() -> None:
    """Only the outer SELECT may have no LIMIT."""
    inner = "SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 3) x"
    assert read_unload(f"UNLOAD ('{inner}') TO 's3://b/k' {ROLE}").query == inner
