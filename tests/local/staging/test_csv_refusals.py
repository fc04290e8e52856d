"""CSV that cannot be loaded as it stands: the message says file, line, column, value, next step."""

import gzip

import pyarrow as pa
import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import (
    FileUnreadable,
    FlowError,
    ParameterInvalid,
    SchemaMismatch,
    SourceNotFound,
)
from utilities.staging import StageOptions, stage

CORRECT_QUOTES = (
    "Expected quotes around a whole field, and a quote inside it doubled. Nothing was loaded. "
    "Correct the line, or export the file again."
)


def refusal(bench: Bench, content: bytes, name: str = "rows.csv") -> tuple[type[FlowError], str]:
    """Return type and text of the error, the folder's path left out; nothing may be left on S3."""
    with pytest.raises(FlowError) as caught:
        bench.stage(content, name)
    assert bench.leftovers() == []
    return type(caught.value), str(caught.value).replace(f"{bench.folder}/", "")


def test_an_empty_file(bench: Bench) -> None:
    """A file without a byte, or with nothing but blank lines, is refused."""
    expected = (
        FileUnreadable,
        "rows.csv: the file is empty. Expected a header and at least one row. Nothing was loaded. "
        "Check the export that made it.",
    )
    assert refusal(bench, b"") == expected
    assert refusal(bench, b"\xef\xbb\xbf\r\n\r\n") == expected


def test_a_header_alone(bench: Bench) -> None:
    """A file with a header and no row is refused: an export that found nothing looks like that."""
    assert refusal(bench, b"id,name\n") == (
        FileUnreadable,
        "rows.csv: there are no rows. Expected at least one. Nothing was loaded. Check the export "
        "that made it, or allow empty sources with empty='stage'.",
    )
    source = bench.write(b"id,name\n")
    staged = bench.stage_source(source, empty="stage")
    assert ([column.name for column in staged.columns], staged.rows) == (["id", "name"], 0)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (b"2,y,z", '3 fields, the header has 2: "2,y,z"'),
        (b"2", '1 field, the header has 2: "2"'),
        (b'"a\nb",y,z', '3 fields, the header has 2: "a\\nb,y,z"'),
    ],
)
def test_a_row_with_too_many_or_too_few_fields(bench: Bench, row: bytes, found: str) -> None:
    """The line is named with the fields found and expected, and its text."""
    assert refusal(bench, b"id,name\n1,x\n\n" + row + b"\n3,z\n") == (
        FileUnreadable,
        f"rows.csv: line 4 has {found}. Nothing was loaded. Correct the line; a value with a comma "
        "needs quotes.",
    )


def test_a_line_is_found_far_into_the_file(bench: Bench) -> None:
    """Line numbers are right behind many blocks, and behind values with line ends."""
    content = b'id,name\n1,"a\nb"\n' + b"2,x\n" * 600_000 + b"3,y,z\n"
    _, message = refusal(bench, content)
    assert message.startswith("rows.csv: line 600004 has 3 fields, the header has 2")


def test_text_after_a_closing_quote(bench: Bench) -> None:
    """Quotes that most readers drop in silence are refused."""
    assert refusal(bench, b'id,name\n1,x\n2,"Bob" Smith\n') == (
        FileUnreadable,
        'rows.csv: line 3: "2,"Bob" Smith" has text after a closing quote (found on line 3). '
        + CORRECT_QUOTES,
    )


def test_quotes_that_only_look_right_together(bench: Bench) -> None:
    """Two broken rows that make up one row with the right number of fields are noticed."""
    assert refusal(bench, b'id,name\n"x"",1\n"y",2\n') == (
        FileUnreadable,
        'rows.csv: line 2: ""y",2" has text after a closing quote (found on line 3). '
        + CORRECT_QUOTES,
    )


def test_a_quote_that_is_never_closed(bench: Bench) -> None:
    """The line that opens the field is named, in a short file and in a long one."""
    assert refusal(bench, b'id,name\n1,x\n2,"y\n3,z\n') == (
        FileUnreadable,
        "rows.csv: line 3: a field is opened with a quote that is never closed. " + CORRECT_QUOTES,
    )
    assert refusal(bench, b'id,name\n1,x\n2,"y\n' + b"3,z\n" * 600_000) == (
        FileUnreadable,
        "rows.csv: line 3: a field goes on for more than 131,072 bytes; most likely its quote is "
        "never closed. " + CORRECT_QUOTES,
    )


def test_latin_1(bench: Bench) -> None:
    """A byte that is not UTF-8 is named with its line and column."""
    assert refusal(bench, "id,name\n1,x\n2,José Peña\n".encode("latin-1")) == (
        FileUnreadable,
        'rows.csv: line 3, column "name": byte 0xE9 is not UTF-8 in "Jos� Pe�a". Nothing was '
        "loaded. Save the file as UTF-8; this byte is common in Latin-1 and Windows-1252.",
    )


def test_latin_1_in_the_header(bench: Bench) -> None:
    """The header is judged like any other line."""
    _, message = refusal(bench, "id,año\n1,x\n".encode("latin-1"))
    assert message.startswith('rows.csv: line 1, column "column 2": byte 0xF1 is not UTF-8')


def test_nul_bytes(bench: Bench) -> None:
    """A NUL is refused: Redshift's text cannot hold it."""
    assert refusal(bench, b"id,name\n1,a\0b\n") == (
        FileUnreadable,
        'rows.csv: line 2, column "name": NUL byte in "a\\0b"; Redshift stores no NUL in text. '
        "Nothing was loaded. Remove it, or save the file as UTF-8 if it is UTF-16.",
    )


def test_a_value_longer_than_redshifts_widest_text(bench: Bench) -> None:
    """65,535 bytes fit, one more does not; characters do not count, bytes do."""
    content = "id,name\n1,x\n2," + "é" * 32_767
    assert bench.stage(content.encode() + b"y").columns[1].max_bytes == 65_535
    bench.store.empty(bench.prefix)
    kind, message = refusal(bench, content.encode() + "é".encode())
    assert kind is SchemaMismatch
    assert message == (
        f'rows.csv: line 3, column "name": "{"é" * 37}..." has 65,536 bytes, a VARCHAR holds '
        "65,535. Nothing was loaded. Correct the value in the source."
    )


def test_a_row_longer_than_a_block(bench: Bench) -> None:
    """A row of more than a megabyte is refused by its size, with no guess about quotes."""
    header = ",".join(f"c{number}" for number in range(40)).encode()
    row = b",".join(b"x" * 60_000 for _ in range(40))
    kind, message = refusal(bench, header + b"\n" + b"," * 39 + b"\n" + row + b"\n")
    assert kind is FileUnreadable
    assert message == (
        "rows.csv: line 3: the row has 2,400,040 bytes, at most 1,048,576 can be read. Nothing was "
        "loaded. Split the row's longest values off."
    )


def test_cut_off_and_damaged_compression(bench: Bench) -> None:
    """A compressed file that was cut off, or is not compressed, is refused."""
    plain = b"id,name\n" + b"1,x\n" * 1000
    cut_gzip, cut_zstd = gzip.compress(plain)[:-9], pa.compress(plain, "zstd", asbytes=True)[:-5]
    again = "Nothing was loaded. Get the file again from where it came."
    assert refusal(bench, cut_gzip, "rows.csv.gz") == (
        FileUnreadable,
        "rows.csv.gz: the gzip data is damaged: the data ends before its end mark: the file is "
        f"cut off. {again}",
    )
    for content, name in ((cut_zstd, "a.csv.zst"), (plain, "b.csv.zst"), (plain, "c.csv.gz")):
        kind, message = refusal(bench, content, name)
        assert kind is FileUnreadable
        assert message.startswith(f"{name}: the ") and message.endswith(again)


def test_an_unknown_format(bench: Bench) -> None:
    """A name that tells no format is refused, with the names that do."""
    assert refusal(bench, b"PK", "rows.xlsx") == (
        ParameterInvalid,
        "rows.xlsx: the format is not known from the name. Expected a name that ends in .csv, "
        ".tsv, .jsonl, .ndjson, .json, .parquet, optionally followed by .gz or .zst. Rename the "
        "file.",
    )


def test_a_missing_file(bench: Bench) -> None:
    """A path that does not exist is refused before anything is written."""
    with pytest.raises(FlowError, match="no such file") as caught:
        bench.store.open(str(bench.folder / "absent.csv"))
    assert "absent.csv" in str(caught.value)


def test_more_columns_than_a_table_has(bench: Bench) -> None:
    """1,601 columns are refused."""
    names = b",".join(b"c%d" % number for number in range(1601))
    kind, message = refusal(bench, names + b"\n" + names + b"\n")
    assert kind is SchemaMismatch
    assert message == (
        "rows.csv: 1,601 columns; a Redshift table has at most 1,600. Nothing was loaded. Split "
        "the file, or keep the rarer values in one JSON column."
    )


def test_a_bucket_that_does_not_exist(bench: Bench) -> None:
    """The destination's refusal comes through as it is, though nothing could be taken back."""
    source = bench.write(b"id\n1\n")
    with pytest.raises(SourceNotFound, match="the bucket does not exist"):
        stage(
            source,
            destination="s3://no-such-bucket-here/x/",
            store=bench.store,
            options=StageOptions(columns=()),
        )
