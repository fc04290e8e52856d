"""Nested records of varying shape, loaded into SUPER and asked with SQL."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.local.warehouse import Ask, StageFiles
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings


@pytest.fixture
def people(public_file: Callable[[str], Path]) -> list[dict[str, Any]]:
    """The file as Python's json module reads it."""
    return [json.loads(line) for line in public_file("legislators.jsonl").read_text().splitlines()]


@pytest.fixture
def table(
    public_file: Callable[[str], Path], stage_files: StageFiles, settings: Settings, schema: str
) -> TableName:
    """The table with all of the file."""
    table = TableName(schema, "people")
    (staged,) = stage_files([public_file("legislators.jsonl")])
    load(staged, table, LoadOptions(), settings)
    return table


def test_every_object_comes_back_as_it_was(
    people: list[dict[str, Any]], table: TableName, settings: Settings, ask: Ask
) -> None:
    """Each column of each row, serialized by the warehouse, equals the file's value."""
    types = table_columns(table, settings)
    assert set(types) == {name for person in people for name in person}
    for name in types:
        found = Counter(
            row[0] and canonical(json.loads(row[0]))
            for row in ask(f"SELECT JSON_SERIALIZE({name}) FROM {table}")
        )
        expected = Counter(name in person and canonical(person[name]) or None for person in people)
        assert found == expected, name


def canonical(value: Any) -> str:
    """One spelling for equal JSON values."""
    return json.dumps(value, sort_keys=True)


def test_paths_into_objects_are_asked_with_sql(
    people: list[dict[str, Any]], table: TableName, ask: Ask
) -> None:
    """Dots and brackets lead into the objects; a path that a row lacks is NULL."""
    query = (
        f"SELECT p.id.bioguide::VARCHAR, p.terms[0].state::VARCHAR, p.name.middle::VARCHAR "
        f"FROM {table} p ORDER BY 1"
    )
    assert ask(query) == sorted(
        (person["id"]["bioguide"], person["terms"][0]["state"], person["name"].get("middle"))
        for person in people
    )


def test_lists_are_unnested_with_sql(
    people: list[dict[str, Any]], table: TableName, ask: Ask
) -> None:
    """Every term of every person, counted by party."""
    query = (
        f"SELECT t.party::VARCHAR, COUNT(*) FROM {table} p, p.terms t "
        "WHERE t.party IS NOT NULL GROUP BY 1"
    )
    parties = Counter(
        term["party"] for person in people for term in person["terms"] if "party" in term
    )
    assert dict(ask(query)) == dict(parties)
