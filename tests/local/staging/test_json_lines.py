"""JSON lines: scalars get types, nested values stay the JSON that they were."""

from decimal import Decimal

import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable, FlowError, SchemaMismatch


def types(bench: Bench, *lines: str) -> dict[str, str]:
    """Return the staged types of some lines."""
    staged = bench.stage("\n".join(lines).encode(), "rows.jsonl")
    return {column.name: column.type for column in staged.columns}


def refusal(bench: Bench, content: bytes) -> tuple[type[FlowError], str]:
    """Return type and text of the error, the folder's path left out; nothing may be left on S3."""
    with pytest.raises(FlowError) as caught:
        bench.stage(content, "rows.jsonl")
    assert bench.leftovers() == []
    return type(caught.value), str(caught.value).replace(f"{bench.folder}/", "")


def test_types(bench: Bench) -> None:
    """Each kind of JSON value has its type, mixtures have one that holds all of them."""
    assert types(
        bench,
        '{"whole":1,"real":1.5,"big":12345678901234567890,"flag":true,"text":"x","nested":{"a":1}}',
        '{"whole":-2,"real":2,"big":1,"flag":false,"text":"2","nested":[1]}',
        '{"mixed":1,"shape":"x","none":null,"long":0.1000000000000000055511151231257827}',
        '{"mixed":"a","shape":[1],"late":"y","text":null}',
    ) == {
        "whole": "BIGINT",
        "real": "DOUBLE PRECISION",
        "big": "NUMERIC(38,0)",
        "flag": "BOOLEAN",
        "text": "VARCHAR",
        "nested": "SUPER",
        "mixed": "VARCHAR",
        "shape": "SUPER",
        "none": "VARCHAR",
        "long": "VARCHAR",
        "late": "VARCHAR",
    }


def test_values(bench: Bench) -> None:
    """Escapes are resolved in text and kept in nested values; missing keys and null are NULL."""
    staged = bench.stage(
        b'{"t": "a\\n\\u00e9\\ud83d\\ude00", "n": {"k": "\\u00e9", "v": [1.10, null]}, "m": 1.10}\n'
        b"\n"
        b'{"t":null,"m":"x","big":12345678901234567890}\r\n'
        b'{"t":"\\"","n":"plain"}',
        "rows.jsonl",
    )
    assert bench.read(staged).to_pydict() == {
        "t": ["a\né😀", None, '"'],
        "n": ['{"k":"\\u00e9","v":[1.10,null]}', None, '"plain"'],
        "m": ["1.10", "x", None],
        "big": [None, Decimal("12345678901234567890"), None],
    }


def test_a_key_that_appears_late_is_a_column(bench: Bench) -> None:
    """A key behind the first megabyte is found, and null in the rows before it."""
    staged = bench.stage(b'{"a":1}\n' * 200_000 + b'{"a":2,"Late Key":"x"}\n', "rows.jsonl")
    assert [(column.name, column.source_name) for column in staged.columns] == [
        ("a", "a"),
        ("late_key", "Late Key"),
    ]
    assert staged.columns[1].nulls == 200_000
    assert bench.read(staged)["late_key"][200_000].as_py() == "x"


def test_known_types_take_text(bench: Bench) -> None:
    """Dates and decimals, for which JSON has no type, go into the table's columns."""
    staged = bench.stage(
        b'{"day":"2026-01-31","amount":"12.50","at":"2026-01-31T10:00:00+01:00","n":7}',
        "rows.jsonl",
        known={"day": "DATE", "amount": "NUMERIC(12,2)", "at": "TIMESTAMPTZ", "n": "SMALLINT"},
    )
    row = bench.read(staged).to_pylist()[0]
    assert {name: str(value) for name, value in row.items()} == {
        "day": "2026-01-31",
        "amount": "12.50",
        "at": "2026-01-31 09:00:00+00:00",
        "n": "7",
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"[1,2]", '"[1,2]" (Expected `object`, got `array`)'),
        (b'{"a":', '"{"a":" (Input data was truncated)'),
        (b'{"a":01}', '"{"a":01}" (JSON is malformed: invalid number (byte 6))'),
        (b"id,name", '"id,name" (JSON is malformed: invalid character (byte 0))'),
    ],
)
def test_a_line_that_is_no_object(bench: Bench, line: bytes, found: str) -> None:
    """The line, its text and what is wrong are said."""
    assert refusal(bench, b'{"a":1}\n\n' + line + b"\n") == (
        FileUnreadable,
        f"rows.jsonl: line 3 is not a JSON object: {found}. Expected one object a line. Nothing "
        "was loaded. Correct the line.",
    )


@pytest.mark.parametrize("line", ['{"k":1,"k":2}', '{"a": [{"k": 1, "b": 2, "k": 1}]}'])
def test_a_key_twice_in_one_object(bench: Bench, line: str) -> None:
    """Readers keep the last value in silence; here it is an error, also inside nested values."""
    assert refusal(bench, line.encode()) == (
        FileUnreadable,
        'rows.jsonl: line 1 has the key "k" twice in one object. Expected each key once. Nothing '
        "was loaded. Remove one of them.",
    )


def test_an_empty_file(bench: Bench) -> None:
    """A file without objects, or with objects that have no key, is refused."""
    for content in (b"", b"\n"):
        assert refusal(bench, content) == (
            FileUnreadable,
            "rows.jsonl: there are no rows. Expected at least one. Nothing was loaded. Check the "
            "export that made it, or allow empty sources with empty='stage'.",
        )
    assert refusal(bench, b"{}\n") == (
        FileUnreadable,
        "rows.jsonl: the source has objects without a key. Expected at least one key. Nothing was "
        "loaded. Check the export that made it.",
    )


def test_bytes_that_text_cannot_hold(bench: Bench) -> None:
    """Latin-1 and NUL are refused with their line."""
    assert refusal(bench, b'{"a":1}\n{"a":"\xe9"}\n') == (
        FileUnreadable,
        "rows.jsonl: line 2, byte 7: 0xE9 is not UTF-8. Nothing was loaded. Save the file as "
        "UTF-8; this byte is common in Latin-1 and Windows-1252.",
    )
    assert refusal(bench, b'{"a":"x"}\n{"a":"x\\u0000y"}\n') == (
        SchemaMismatch,
        'rows.jsonl: line 2, column "a": "x\\0y" has a NUL character; Redshift stores none in '
        "text. Nothing was loaded. Correct the value in the source.",
    )


def test_nested_json_that_is_too_long(bench: Bench) -> None:
    """Nested text over 65,535 bytes is refused for now: it is loaded through JSON_PARSE."""
    _, message = refusal(bench, b'{"a":["' + b"x" * 65_535 + b'"]}')
    assert message == (
        'rows.jsonl: line 1, column "a": "["' + "x" * 35 + '..." has 65,539 bytes, a VARCHAR holds '
        "65,535. Nothing was loaded. Correct the value in the source."
    )


def test_nested_values_in_a_plain_column_of_the_table(bench: Bench) -> None:
    """An object does not go into a number."""
    with pytest.raises(SchemaMismatch, match='line 2, column "a": "{"b":1}" does not fit BIGINT'):
        bench.stage(b'{"a":1}\n{"a":{"b":1}}\n', "rows.jsonl", known={"a": "BIGINT"})
