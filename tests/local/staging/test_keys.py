"""A key must be there, filled and unique inside one file."""

import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import KeyInvalid


def refusal(bench: Bench, content: bytes, key: tuple[str, ...], name: str = "rows.csv") -> str:
    """Return the error's text, the folder's path left out; nothing may be left on S3."""
    with pytest.raises(KeyInvalid) as caught:
        bench.stage(content, name, key=key)
    assert bench.leftovers() == []
    return str(caught.value).replace(f"{bench.folder}/", "")


def test_a_duplicate(bench: Bench) -> None:
    """Both lines, the columns and the value are said, also when they are parts away."""
    wanted = (
        'rows.csv: line 2 and line {} have the same key: "Id" = "5". Expected each key once in a '
        "file. Nothing was loaded. Remove one of the rows, or add a column to the key."
    )
    assert refusal(bench, b"Id,n\n5,a\n6,b\n5,c\n", ("id",)) == wanted.format(4)
    many = b"".join(b"%d,%s\n" % (number, b"x" * 200) for number in range(200_000))
    assert refusal(bench, b"Id,n\n5,a\n" + many[many.index(b"6,") :] + b"5,c\n", ("Id",)) == (
        wanted.format(199_997)
    )


def test_a_duplicate_of_several_columns(bench: Bench) -> None:
    """A key of several columns is one key: each column by itself may repeat."""
    content = b"year,county,n\n2020,01001,1\n2024,01001,2\n2020,01003,3\n"
    assert bench.stage(content, key=("year", "county")).rows == 3
    bench.store.empty(bench.prefix)
    assert refusal(bench, content + b"2024,01001,4\n", ("year", "county")).startswith(
        'rows.csv: line 3 and line 5 have the same key: "year" = "2024", "county" = "01001".'
    )


def test_equal_hashes_are_no_duplicates(bench: Bench) -> None:
    """-1 and -2 have the same hash in Python; they are different keys."""
    assert bench.stage(b"a,b\n-1,x\n-2,x\n", key=("a", "b")).rows == 2


def test_a_null(bench: Bench) -> None:
    """A key column without a value is refused with its line."""
    assert refusal(bench, b"id,n\n1,a\n,b\n", ("id",)) == (
        'rows.csv: line 3, key column "id" has no value. Expected one in every row. Nothing was '
        "loaded. Fill it, or choose another key."
    )
    assert refusal(bench, b'{"id":1}\n{"n":2,"id":null}\n', ("id",), "rows.jsonl").startswith(
        'rows.jsonl: line 2, key column "id" has no value.'
    )


def test_no_such_column(bench: Bench) -> None:
    """A key that the file does not have is refused with the columns that it has."""
    assert refusal(bench, b"id,Name\n1,a\n", ("code",)) == (
        'rows.csv: there is no key column "code". Found: id, name. Nothing was loaded. Name key '
        "columns of the file."
    )


def test_a_nested_column(bench: Bench) -> None:
    """Nested values cannot be compared."""
    assert "holds nested values" in refusal(bench, b'{"a":[1]}', ("a",), "rows.jsonl")
