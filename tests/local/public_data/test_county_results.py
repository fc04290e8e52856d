"""Three years of county results, each published in another shape, in one table: no cell is lost."""

import csv
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.local.warehouse import Ask, StageFiles
from utilities.redshift import LoadOptions, load, table_columns
from utilities.references import TableName
from utilities.settings import Settings

YEARS = ("2016", "2020", "2024")
Rows = list[dict[str, str]]


@pytest.fixture
def files(public_file: Callable[[str], Path]) -> dict[str, Path]:
    """The files by year."""
    return {year: public_file(f"county_presidential_{year}.csv") for year in YEARS}


@pytest.fixture
def table(
    files: dict[str, Path], stage_files: StageFiles, settings: Settings, schema: str
) -> TableName:
    """One table with the rows of all three files."""
    table = TableName(schema, "county_results")
    for staged in stage_files(list(files.values())):
        load(staged, table, LoadOptions(), settings)
    return table


def rows_of(file: Path) -> Rows:
    """The file as Python's csv module reads it; the column without a name gets its position."""
    with file.open(newline="") as text:
        return [
            {name or "column_1": cell for name, cell in row.items()} for row in csv.DictReader(text)
        ]


def as_stored(cell: str | None, type_: str) -> Any:
    """What a cell of the file is in a column of that type."""
    if cell is None or cell == "":
        return None
    if type_ == "BIGINT":
        return int(cell)
    if type_ == "DOUBLE PRECISION":
        return float(cell)
    if type_.startswith("NUMERIC"):
        return Decimal(cell)
    return cell


def test_every_cell_of_every_file_is_in_the_table(
    files: dict[str, Path], table: TableName, settings: Settings, ask: Ask
) -> None:
    """Rows and cells of the three files together are exactly the rows and cells of the table."""
    types = table_columns(table, settings)
    expected = Counter(
        tuple(as_stored(row.get(name), type_) for name, type_ in types.items())
        for file in files.values()
        for row in rows_of(file)
    )
    names = ", ".join(f'"{name}"' for name in types)
    assert Counter(ask(f"SELECT {names} FROM {table}")) == expected


def test_codes_and_formats_stay_as_they_were_published(table: TableName, ask: Ask) -> None:
    """FIPS codes keep their leading zeros, or their lack of them; grouped digits and percentages
    stay text."""
    assert ask(f"SELECT COUNT(*) FROM {table} WHERE county_fips = '01001'") == [(2,)]
    assert ask(
        f"SELECT DISTINCT combined_fips, diff, per_point_diff FROM {table} "
        "WHERE combined_fips::VARCHAR = '2013'"
    ) == [(2013, "37,410", "15.17%")]
    assert ask(f"SELECT COUNT(*) FROM {table} WHERE diff = '13045.0'") == [(1,)]


def test_checksums_of_file_and_table_agree(
    files: dict[str, Path], table: TableName, settings: Settings, ask: Ask
) -> None:
    """For each column: how many cells are filled, and the sum of the values or of their bytes."""
    rows = [row for file in files.values() for row in rows_of(file)]
    for name, type_ in table_columns(table, settings).items():
        cells = [as_stored(row.get(name), type_) for row in rows]
        filled = [cell for cell in cells if cell is not None]
        if type_.startswith("VARCHAR"):
            measure, total = f'SUM(OCTET_LENGTH("{name}"))', sum(
                len(cell.encode()) for cell in filled
            )
        else:
            measure, total = f'SUM("{name}")', sum(filled)
        ((count, found),) = ask(f'SELECT COUNT("{name}"), {measure} FROM {table}')
        assert count == len(filled), name
        assert float(found) == pytest.approx(float(total), rel=1e-12), name
