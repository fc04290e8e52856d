"""COPY statements are read as their clients write them; what is no option is refused."""

import pytest

from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.statement import read_copy
from infrastructure.local.redshift.errors import FrontError

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/loader'"
START = f"COPY t FROM 's3://b/k' {ROLE}"


def test_what_parsons_sends() -> None:
    """The statement of parsons' connector, line ends included."""
    found = read_copy(
        "copy s.people \nfrom 's3://b/k.csv.gz' \n"
        "credentials 'aws_access_key_id=AK;aws_secret_access_key=SK'\n"
        "maxerror 0 \nstatupdate on\ncompupdate off\nignoreheader 1 \nacceptanydate \n"
        "dateformat 'auto' \ntimeformat 'auto' \nemptyasnull \nblanksasnull \nacceptinvchars \n"
        "csv delimiter ',' \ngzip \n;"
    )
    assert (found.table, found.columns, found.source) == (("s", "people"), (), "s3://b/k.csv.gz")
    assert (found.authorization.access_key_id, found.authorization.secret_access_key) == (
        "AK",
        "SK",
    )
    assert found.options == CopyOptions(
        format="csv",
        delimiter=",",
        max_errors=1,
        stat_update=True,
        ignore_header=1,
        accept_any_date=True,
        date_format="auto",
        time_format="auto",
        empty_as_null=True,
        blanks_as_null=True,
        accept_inv_chars="?",
        compression="gzip",
    )


def test_what_sqlalchemy_sends() -> None:
    """The statement of the Redshift dialect's CopyCommand."""
    found = read_copy(
        "COPY s.t (a, \"B c\") FROM 's3://b/k'\n WITH CREDENTIALS AS 'aws_access_key_id=AK;"
        "aws_secret_access_key=SK;token=ST'\n FORMAT AS JSON AS 'auto'\n GZIP\nMANIFEST\n"
        "ACCEPTINVCHARS AS '^'\nMAXERROR AS 5\nREGION 'us-east-1'"
    )
    assert found.columns == ("a", "B c")
    assert found.authorization.session_token == "ST"
    assert (found.options.format, found.options.json) == ("json", "auto")
    assert (found.options.accept_inv_chars, found.options.max_errors) == ("^", 5)


@pytest.mark.parametrize(
    ("written", "read"),
    [(r"'\t'", "\t"), (r"'\001'", "\x01"), ("','", ","), (r"'\\'", "\\")],
)
def test_delimiters(written: str, read: str) -> None:
    """A delimiter may be written as an escape."""
    assert read_copy(f"{START} DELIMITER {written}").options.delimiter == read


def test_null_markers() -> None:
    """The default marker, one with a doubled backslash, and the NUL byte."""
    assert read_copy(START).options.null_as == "\\N"
    assert read_copy(f"{START} NULL AS '\\\\N'").options.null_as == "\\N"
    assert read_copy(f"{START} NULL '\\000'").options.null_as == "\0"


@pytest.mark.parametrize(
    ("statement", "sqlstate", "told"),
    [
        (f"{START} CSV QUICKLY", "42601", 'syntax error at or near "QUICKLY"'),
        (f"{START} CSV 'x'", "42601", "syntax error at or near \"'...'\""),
        (f"{START} CSV CSV", "42601", "conflicting or redundant options"),
        (f"{START} CSV ESCAPE", "42601", "CSV cannot be used with ESCAPE"),
        (f"{START} CSV SERIALIZETOJSON", "42601", "cannot be used with SERIALIZETOJSON"),
        (f"{START} MAXERROR 100001", "22023", "between 0 and 100000"),
        (f"{START} MAXERROR", "42601", "end of input"),
        (f"{START} DELIMITER '||'", "42601", "single character"),
        (f"{START} QUOTE '%'", "42601", "only available in CSV mode"),
        (f"{START} FORMAT XML", "22023", 'format "XML" not recognized'),
        (f"{START} FORMAT ORC", "0A000", "ORC is not available"),
        (f"{START} LZOP", "0A000", "LZOP is not available"),
        (f"{START} ENCODING UTF16", "0A000", "ENCODING UTF16 is not available"),
        (f"{START} JSON 's3://b/paths'", "0A000", "JSONPaths"),
        (f"{START} PARQUET MAXERROR 5", "XX000", "MAXERROR argument is not supported for PARQUET"),
        (f"{START} PARQUET GZIP", "XX000", "GZIP argument is not supported for PARQUET"),
        (f"{START} PARQUET REGION 'x'", "XX000", "REGION argument is not supported for PARQUET"),
        (f"COPY t FROM 'dynamodb://t' {ROLE}", "0A000", "'dynamodb' is not available"),
        ("COPY t FROM 's3://b/k' CSV", "42601", "S3 credentials are missing"),
        ("COPY t FROM 's3://b/k' ACCESS_KEY_ID 'x'", "42601", "S3 credentials are incomplete"),
        ("COPY t FROM 's3://b/k' IAM_ROLE 'admin'", "42601", "Invalid IAM role ARN"),
        (f"{START} IAM_ROLE default", "42601", "conflicting or redundant options"),
    ],
)
def test_refused_statements(statement: str, sqlstate: str, told: str) -> None:
    """Unknown options are syntax errors; those that cannot be honoured are refused, never ignored."""
    with pytest.raises(FrontError) as caught:
        read_copy(statement)
    assert (caught.value.sqlstate, told in caught.value.message) == (sqlstate, True), caught.value


@pytest.mark.parametrize(
    "clause",
    [
        "CREDENTIALS 'aws_access_key_id=S3CRET;aws_secret_access_key=S3CRET' 'S3CRET'",
        "CREDENTIALS 'aws_access_key_id=S3CRET;oops=S3CRET'",
        "ACCESS_KEY_ID 'S3CRET' SECRET_ACCESS_KEY S3CRET 'S3CRET'",
        "IAM_ROLE 'S3CRET'",
    ],
)
def test_credentials_are_in_no_message(clause: str) -> None:
    """A clause that cannot be read is refused without showing its literals."""
    with pytest.raises(FrontError) as caught:
        read_copy(f"COPY t FROM 's3://b/k' {clause} CSV")
    error = caught.value
    assert "'S3CRET'" not in error.message + error.detail + error.hint


def test_credentials_have_no_representation() -> None:
    """What was read can be printed or logged without its secrets."""
    found = read_copy(
        "COPY t FROM 's3://b/k' CREDENTIALS 'aws_access_key_id=S3CRET;"
        "aws_secret_access_key=S3CRET;token=S3CRET' CSV"
    )
    assert "S3CRET" not in repr(found)
