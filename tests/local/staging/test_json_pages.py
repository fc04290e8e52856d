"""The pages of an API go as bytes into typed parts."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.local.staging.conftest import Bench
from utilities.errors import FileUnreadable, SchemaMismatch
from utilities.staging import JsonPages, declare

PAGES = [
    b'{"items":[{"id":1,"zip":"00501","at":"2026-01-31T10:00:00Z"},'
    b'{"id":2,"amount":12.50,"address":{"city":"Holtsville"}}],"count":3}',
    b'{\n  "items": [{"id": 3, "address": null, "tags": ["a", 1.10]}]\n}',
    b'{"items":[]}',
]


def test_pages(bench: Bench) -> None:
    """Records under a key, pretty-printed or not, over several pages; nested values stay JSON."""
    staged = bench.stage_source(JsonPages(iter(PAGES), "items"))
    assert bench.read(staged).to_pydict() == {
        "id": [1, 2, 3],
        "zip": ["00501", None, None],
        "at": ["2026-01-31T10:00:00Z", None, None],
        "amount": [None, 12.5, None],
        "address": [None, '{"city":"Holtsville"}', None],
        "tags": [None, None, '["a",1.10]'],
    }


def test_declared_columns_need_one_pass(bench: Bench) -> None:
    """With a frozen declaration a generator is read once; times and decimals get their types."""
    columns = declare(
        {
            "id": "BIGINT AS van_id",
            "at": "TIMESTAMPTZ",
            "amount": "NUMERIC(12,2)",
            "zip": "VARCHAR(5)",
        }
    )
    pages = iter([b'[{"id":1,"at":"2026-01-31T10:00:00+01:00"},{"amount":12.5,"zip":"00501"}]'])
    staged = bench.stage_source(JsonPages(pages), declared=columns, schema_policy="freeze")
    assert [column.name for column in staged.columns] == ["van_id", "at", "amount", "zip"]
    assert bench.read(staged).to_pylist() == [
        {
            "van_id": 1,
            "at": dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC),
            "amount": None,
            "zip": None,
        },
        {"van_id": None, "at": None, "amount": Decimal("12.50"), "zip": "00501"},
    ]


@pytest.mark.parametrize(("policy", "names"), [("discard", ["id"]), ("evolve", ["id", "more"])])
def test_keys_beyond_the_declaration(bench: Bench, policy: str, names: list[str]) -> None:
    """They are left out, or added, as the policy says."""
    pages = JsonPages(iter([b'[{"id":1,"more":{"a":2}},{"id":2}]']))
    staged = bench.stage_source(pages, declared=declare({"id": "BIGINT"}), schema_policy=policy)
    assert bench.read(staged).column_names == names


def test_a_frozen_declaration_refuses_a_new_key(bench: Bench) -> None:
    """The key and its value are named."""
    with pytest.raises(SchemaMismatch, match='record 2, column "more"'):
        bench.stage_source(
            JsonPages(iter([b'[{"id":1},{"id":2,"more":3}]'])),
            declared=declare({"id": "BIGINT"}),
            schema_policy="freeze",
        )


def test_what_is_no_page(bench: Bench) -> None:
    """An answer that is not what was expected is shown."""
    with pytest.raises(FileUnreadable, match='page 2 does not have a list under "items"'):
        bench.stage_source(
            JsonPages(iter([PAGES[0], b'{"errors":["no"]}']), "items"), name="people"
        )


def test_no_records(bench: Bench) -> None:
    """An API that has nothing new makes an empty batch, unless that is to be an error."""
    columns = declare({"id": "BIGINT", "zip": "VARCHAR"})
    for declared in ((), columns):
        staged = bench.stage_source(JsonPages(iter([b"[]"])), declared=declared)
        assert (staged.rows, len(staged.columns)) == (0, len(declared))
        assert bench.parts(staged) == []
    with pytest.raises(FileUnreadable, match="records: there are no rows"):
        bench.stage_source(JsonPages(iter([b"[]"])), empty="refuse")
    assert bench.stage_source([]).rows == 0


def test_many_records_take_the_quick_way_and_the_careful_one(bench: Bench) -> None:
    """Numbers with many digits, odd shapes and late keys come out as they went in."""

    def pages() -> Iterator[bytes]:
        for start in range(0, 60_000, 1_000):
            yield json.dumps(
                [
                    {"id": n, "x": n / 7, "n": {"k": [n, {"v": None}]}}
                    for n in range(start, start + 1000)
                ]
            ).encode()
        yield b'[{"id":60000,"x":1e-400,"n":{"k":"another shape"},"late":"\\u00e9"}]'

    staged = bench.stage_source(JsonPages(pages()))
    rows = bench.read(staged).to_pylist()
    assert len(rows) == 60_001
    assert rows[59_999]["n"] == '{"k":[59999,{"v":null}]}'
    assert float(rows[59_999]["x"]) == 59_999 / 7
    assert rows[60_000] == {
        "id": 60_000,
        "x": "1e-400",
        "n": '{"k":"another shape"}',
        "late": "é",
    }


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**65), 2**65),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("xyz"), inner, max_size=2)
    ),
    max_leaves=4,
)
RECORDS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 9)}, optional={"a": VALUES, "b": SCALARS}),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(records=RECORDS)
def test_any_records_are_found_again(lasting_bench: Bench, records: list[dict[str, Any]]) -> None:
    """Whatever the values are, what is staged says the same."""
    text = json.dumps(records, ensure_ascii=False).encode()
    staged = lasting_bench.stage_source(JsonPages(iter([text])))
    types = {column.name: column.type for column in staged.columns}
    found = lasting_bench.read(staged).to_pylist()
    for record, row in zip(records, found, strict=True):
        for name, value in row.items():
            given_value = record.get(name)
            if value is None or given_value is None:
                assert value is None and given_value is None
            elif types[name] == "SUPER":
                assert json.loads(value) == given_value
            elif isinstance(value, str) and not isinstance(given_value, str):
                assert json.loads(value) == given_value
            else:
                assert value == given_value
