"""What is wrong with a key, said with file, line, column and value."""

from collections.abc import Sequence

from utilities.errors import KeyInvalid
from utilities.references import Column, find_column
from utilities.staging.conversion import Conversion
from utilities.staging.keys import DuplicateSearch, NullInKey
from utilities.staging.misfit import shown
from utilities.staging.rows import Rows


def key_columns(source: str, columns: Sequence[Column], key: Sequence[str]) -> tuple[str, ...]:
    """Return the staged names of the key columns, which may be spelled as in the source.

    Raises:
        KeyInvalid: the source has no such column, or one with nested values.
    """
    names: list[str] = []
    for wanted in key:
        column = find_column(columns, wanted)
        if column is None:
            raise KeyInvalid(
                f'{source}: there is no key column "{wanted}". Found: '
                f"{', '.join(column.name for column in columns)}. Nothing was loaded. Name key "
                "columns of the file."
            )
        if column.type == "SUPER":
            raise KeyInvalid(
                f'{source}: the key column "{wanted}" holds nested values, which cannot be '
                "compared. Nothing was loaded. Choose a plain column."
            )
        names.append(column.name)
    return tuple(names)


def null_in_key(source: str, rows: Rows, misfit: NullInKey) -> KeyInvalid:
    """Return the error for a key column without a value."""
    column = rows.naming.source_names[misfit.column]
    return KeyInvalid(
        f'{source}: {rows.place(misfit.row)}, key column "{column}" has no value. Expected one in '
        "every row. Nothing was loaded. Fill it, or choose another key."
    )


def refuse_duplicates(source: str, conversion: Conversion) -> None:
    """Raise KeyInvalid when two rows have the same key.

    Equal hashes are only a suspicion: the rows are then read again and compared.
    """
    suspects = conversion.keys.repeated()
    if not suspects:
        return
    search = DuplicateSearch(conversion.keys.columns, suspects)
    names = conversion.rows.naming.source_names
    first_row = 0
    for batch in conversion.rows.batches():
        found = search.find(conversion.typed([batch]).table, first_row)
        first_row += len(batch)
        if found is None:
            continue
        values, first, second = found
        columns = ", ".join(
            f'"{names[name]}" = {shown(value)}'
            for name, value in zip(conversion.keys.columns, values, strict=True)
        )
        raise KeyInvalid(
            f"{source}: {conversion.rows.place(first)} and {conversion.rows.place(second)} have "
            f"the same key: {columns}. Expected each key once in a file. Nothing was loaded. "
            "Remove one of the rows, or add a column to the key."
        )
