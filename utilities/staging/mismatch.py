"""The error for a value that fits no type that its column may have."""

from utilities.errors import FileUnreadable, MendData, SchemaMismatch
from utilities.staging.misfit import Misfit, Unreadable, shown
from utilities.staging.rows import Rows


def does_not_fit(source: str, rows: Rows, misfit: Misfit, type_: str) -> MendData:
    """Return the error that names file, line, column, value, type and the next step.

    Args:
        source: the file.
        rows: finds the line; may read the file again.
        misfit: with its column, and its row counted from the start of the file.
        type_: staged type of the column.
    """
    if isinstance(misfit, Unreadable):
        return FileUnreadable(
            f"{source}: {rows.place(misfit.row)}{misfit.reason}. {misfit.expected}"
        )
    column = rows.naming.source_names.get(misfit.column, misfit.column)
    place = f'{source}: {rows.place(misfit.row)}, column "{column}"'
    if misfit.reason:
        return SchemaMismatch(
            f"{place}: {shown(misfit.value)} {misfit.reason}. Nothing was loaded. "
            "Correct the value in the source."
        )
    return SchemaMismatch(
        f"{place}: {shown(misfit.value)} does not fit {type_}, the type of the table's column "
        f"{misfit.column!r}, without loss. Nothing was loaded. Correct the value, or load into a "
        "table whose column is text."
    )
