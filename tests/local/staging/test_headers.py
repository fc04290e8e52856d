"""Headers that no table could have as they stand are made legal, and the notes say how."""

from tests.local.staging.conftest import Bench


def test_names_are_made_legal(bench: Bench) -> None:
    """Duplicate, empty, reserved and over-long names keep their columns; each change is said."""
    long = "é" * 100
    header = f"id,id,,Select,{long}\n"
    staged = bench.stage(f"{header}1,2,3,4,5\n".encode())
    assert bench.read(staged).to_pydict() == {
        "id": [1],
        "id_2": [2],
        "column_3": [3],
        "select_": [4],
        "é" * 63: [5],
    }
    assert [column.source_name for column in staged.columns] == ["id", "id", "", "Select", long]
    assert staged.notes == (
        'renamed columns: "id" is id_2, "" is column_3, "Select" is select_, '
        f'"{long}" is {"é" * 63}',
    )


def test_a_name_with_a_line_end(bench: Bench) -> None:
    """A quoted header may have commas and line ends; lines are still counted right."""
    staged = bench.stage(b'"a,\nb",c\n1,2\n')
    assert bench.read(staged).to_pydict() == {"a_b": [1], "c": [2]}


def test_1500_columns(bench: Bench) -> None:
    """A file as wide as a table may be is staged."""
    names = [f"c{number}" for number in range(1500)]
    lines = [",".join(names), *[",".join(map(str, range(row, row + 1500))) for row in range(40)]]
    staged = bench.stage("\n".join(lines).encode())
    table = bench.read(staged)
    assert table.column_names == names
    assert table.to_pylist()[39] == {name: 39 + number for number, name in enumerate(names)}
