"""Files as they are published: every cell is found again in the staged Parquet."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.local.staging.conftest import Bench
from utilities.references import Staged
from utilities.staging import StageOptions, infer_columns, stage

DATA = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="no folder shared/data beside the repository"
)
YEARS = ("2016", "2020", "2024")


def stage_all(bench: Bench, names: list[str]) -> list[Staged]:
    """Stage public files under one schema."""
    sources = [str(DATA / name) for name in names]
    columns = infer_columns(sources, bench.store, {})
    return [
        stage(
            source,
            destination=f"{bench.prefix}{number}",
            store=bench.store,
            options=StageOptions(columns=columns),
        )
        for number, source in enumerate(sources)
    ]


@needs_data
def test_county_results(bench: Bench) -> None:
    """Three years in three shapes: no cell of 9,453 rows is lost or bent."""
    for year, staged in zip(
        YEARS, stage_all(bench, [f"county_presidential_{year}.csv" for year in YEARS]), strict=True
    ):
        with (DATA / f"county_presidential_{year}.csv").open(newline="") as file:
            cells = list(csv.reader(file))[1:]
        columns = [column.to_pylist() for column in bench.read(staged).columns]
        types = [column.type for column in staged.columns]
        assert staged.rows == len(cells)
        for row, values in zip(cells, zip(*columns, strict=True), strict=True):
            for cell, value, type_ in zip(row, values, types, strict=True):
                if type_ in ("BIGINT", "DOUBLE PRECISION"):
                    assert Decimal(repr(value)) == Decimal(cell)
                else:
                    assert value == cell


@needs_data
def test_county_codes_and_formats(bench: Bench) -> None:
    """Leading zeros, grouped digits and percentages stay text in all three files together."""
    old, _, new = stage_all(bench, [f"county_presidential_{year}.csv" for year in YEARS])
    assert {column.name: column.type for column in old.columns} | {
        column.name: column.type for column in new.columns
    } == {
        "column_1": "BIGINT",
        "votes_dem": "DOUBLE PRECISION",
        "votes_gop": "DOUBLE PRECISION",
        "total_votes": "DOUBLE PRECISION",
        "per_dem": "DOUBLE PRECISION",
        "per_gop": "DOUBLE PRECISION",
        "diff": "VARCHAR",
        "per_point_diff": "VARCHAR",
        "state_abbr": "VARCHAR",
        "county_name": "VARCHAR",
        "combined_fips": "BIGINT",
        "state_name": "VARCHAR",
        "county_fips": "VARCHAR",
    }
    assert old.notes == ('renamed columns: "" is column_1',)
    first = bench.read(old).to_pylist()[0]
    assert (first["diff"], first["per_point_diff"]) == ("37,410", "15.17%")
    assert bench.read(new)["county_fips"][0].as_py() == "01001"


@needs_data
def test_legislators(bench: Bench) -> None:
    """Nested values are the same JSON again."""
    (staged,) = stage_all(bench, ["legislators.jsonl"])
    table = bench.read(staged)
    with (DATA / "legislators.jsonl").open() as file:
        people = [json.loads(line) for line in file]
    assert {column.type for column in staged.columns} == {"SUPER"}
    assert staged.rows == len(people) == 537
    for person, row in zip(people, table.to_pylist(), strict=True):
        read = {name: json.loads(text) for name, text in row.items() if text is not None}
        assert read == person
