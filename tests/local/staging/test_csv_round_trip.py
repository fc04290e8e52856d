"""Whatever a CSV file says is found again in the staged Parquet."""

import csv
import gzip
import io
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable
from utilities.references import Staged
from utilities.staging import StageOptions, stage
from utilities.staging.sources import open_rows

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TYPED = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.datetimes().map(str),
    st.datetimes(timezones=st.just(None)).map(lambda moment: moment.isoformat() + "Z"),
    st.dates().map(str),
    st.sampled_from(["true", "false", "True", "TRUE", "", "0", "-0", "007", "1e5", ".5", "NA"]),
    st.from_regex(r"[-+]?[0-9]{1,5}(\.[0-9]{0,3})?", fullmatch=True),
)
CELLS = st.one_of(TEXT, TYPED)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Rows of cells; columns of one kind or of several."""
    width = draw(st.integers(1, 4))
    columns = [draw(st.sampled_from([TEXT, TYPED, CELLS, *TYPED.branches])) for _ in range(width)]
    return draw(st.lists(st.tuples(*columns).map(list), min_size=1, max_size=8))


def as_csv(rows: list[list[str]], quoting: int) -> bytes:
    """Write rows below a header as Python's csv module does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([f"c{number}" for number in range(len(rows[0]))])
    writer.writerows(rows)
    return text.getvalue().encode()


def is_found(cell: str, value: object, type_: str) -> bool:
    """Say whether a staged value is what a cell says."""
    if value is None:
        return cell == ""
    if type_ == "VARCHAR":
        return value == cell
    if type_ in ("BIGINT", "NUMERIC") or type_.startswith("NUMERIC"):
        return str(value) == cell
    if type_ == "DOUBLE PRECISION":
        return Decimal(repr(value)) == Decimal(cell)
    if type_ == "BOOLEAN":
        return str(value).lower() == cell.lower()
    if type_ == "DATE":
        return str(value) == cell
    return str(value).removesuffix("+00:00") == cell.replace("T", " ").removesuffix("Z")


def assert_all_found(rows: list[list[str]], staged: Staged, table: pa.Table) -> None:
    """Assert that each cell of the file is in its place in the table."""
    assert (staged.rows, table.num_rows) == (len(rows), len(rows))
    for position, column in enumerate(staged.columns):
        values = table.column(position).to_pylist()
        assert column.nulls == values.count(None)
        for row, value in zip(rows, values, strict=True):
            assert is_found(row[position], value, column.type), (row[position], value, column)


@settings(max_examples=120, deadline=None)
@given(rows=tables(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_every_cell_is_found_again(
    lasting_bench: Bench, rows: list[list[str]], quoting: int
) -> None:
    """Any table that is written as CSV has each cell in the staged Parquet: text exactly as it
    was, other types with the same value."""
    staged = lasting_bench.stage(as_csv(rows, quoting))
    assert_all_found(rows, staged, lasting_bench.read(staged))


@settings(max_examples=300, deadline=None)
@given(
    width=st.integers(1, 3),
    lines=st.lists(
        st.lists(
            st.lists(
                st.sampled_from(['"', '""', '"a"', "a", "é", " ", "\n", "\r\n", '"x,y"', ""]),
                max_size=3,
            ).map("".join),
            min_size=1,
            max_size=3,
        ).map(",".join),
        min_size=1,
        max_size=4,
    ),
)
def test_files_by_any_hand_are_read_as_the_strict_reader_does(
    lasting_bench: Bench, width: int, lines: list[str]
) -> None:
    """Well-formed or not: either both readers refuse a file, or both give the same cells."""
    content = "\n".join([",".join("abc"[:width]), *lines])
    source = lasting_bench.write(content.encode(), "by_hand.csv")
    try:
        with open_rows(source, lasting_bench.store, StageOptions()) as rows:
            tables = [pa.Table.from_batches([batch]) for batch in rows.batches()]
            read = [
                [cell or "" for cell in row]
                for table in tables
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True)
            ]
    except FileUnreadable:
        read = []
    assert read == strictly_read(content, width)


def strictly_read(content: str, width: int) -> list[list[str]]:
    """Return the rows below the header, none when the strict reader or the width refuses one."""
    try:
        rows = [row for row in csv.reader(io.StringIO(content, newline=""), strict=True) if row]
    except csv.Error:
        return []
    return rows[1:] if all(len(row) == width for row in rows) else []


def test_empty_and_quoted_empty_cells(bench: Bench) -> None:
    """Nothing between commas is NULL. Empty quotes are the empty text in a text column, and NULL
    in a column of another type."""
    staged = bench.stage(b'number,text\n1,a\n,\n"",""\n')
    assert bench.read(staged).to_pydict() == {
        "number": [1, None, None],
        "text": ["a", None, ""],
    }


def test_spelled_nulls_stay_text(bench: Bench) -> None:
    """NA, null and None are words, not missing values."""
    words = ["NA", "null", "NULL", "None", "nan", "N/A", "-"]
    staged = bench.stage("\n".join(["word", *words]).encode())
    assert bench.read(staged)["word"].to_pylist() == words


def test_dialects(bench: Bench) -> None:
    """A byte order mark, CRLF, quotes around everything, tabs, gzip and zstd change nothing."""
    rows = {"id": [1, 2], "name": ["x", 'a "b",\nc']}
    plain = b'id,name\n1,x\n2,"a ""b"",\nc"\n'
    quoted = b'\xef\xbb\xbf"id","name"\r\n"1","x"\r\n\r\n"2","a ""b"",\nc"'
    for content, name in (
        (plain, "rows.csv"),
        (quoted, "rows.csv"),
        (plain.replace(b"1,x", b"1\tx").replace(b"id,", b"id\t").replace(b"2,", b"2\t"), "r.tsv"),
        (gzip.compress(plain), "rows.csv.gz"),
        (gzip.compress(plain[:9]) + gzip.compress(plain[9:]), "rows.csv.gz"),
        (pa.compress(plain, "zstd", asbytes=True), "rows.csv.zst"),
    ):
        assert bench.read(bench.stage(content, name)).to_pydict() == rows


@pytest.mark.parametrize(
    ("mark", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")], ids=repr
)
def test_another_delimiter_in_a_csv_file(bench: Bench, mark: str, called: str) -> None:
    """A header without a comma is split at the one other delimiter it has, and that is said."""
    staged = bench.stage(f'id{mark}price\n1{mark}"2,50"\n'.encode())
    assert bench.read(staged).to_pydict() == {"id": [1], "price": ["2,50"]}
    assert staged.notes == (f"fields are separated by {called}, not by commas",)


def test_a_single_column_stays_one(bench: Bench) -> None:
    """Without any delimiter, or with two kinds of them, the header is one name."""
    assert bench.read(bench.stage(b"id\na;b\n")).to_pydict() == {"id": ["a;b"]}
    assert bench.read(bench.stage(b"a;b|c\n1;2\n")).to_pydict() == {"a_b_c": ["1;2"]}


def test_quotes_inside_unquoted_cells_are_text(bench: Bench) -> None:
    """An inch sign is no broken quote."""
    staged = bench.stage(b'size,name\n5" pipe,x\n3,"y"\n')
    assert bench.read(staged).to_pydict() == {"size": ['5" pipe', "3"], "name": ["x", "y"]}


def test_an_s3_source(bench: Bench) -> None:
    """A source on S3 is streamed and gives the same as a local file."""
    content = b"id\n1\n2\n"
    local = bench.stage(content)
    uri = f"{bench.prefix}source/rows.csv"
    bench.store.put(uri, content)
    staged = stage(
        uri,
        destination=f"{bench.prefix}out",
        store=bench.store,
        options=StageOptions(columns=local.columns),
    )
    assert staged.batch_key == local.batch_key
    assert bench.read(staged).equals(bench.read(local))
