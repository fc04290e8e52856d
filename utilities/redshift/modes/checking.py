"""Whether mode, key and the other columns of a load go together with its batch.

Told before anything is copied: what is wrong here is wrong in the flow, or in its source's header.
"""

from typing import get_args

from utilities.errors import KeyInvalid, ParameterInvalid
from utilities.redshift.modes.naming import named_columns
from utilities.redshift.options import LoadOptions, Mode
from utilities.references import Staged, TableName, find_column

HISTORY_COLUMNS = ("valid_from", "valid_to", "is_current")
"""What a table of mode `history` has in addition to the staged columns."""

MOMENTS = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")
"""Types whose values can be the time from which a version of a row is valid."""

_USES: dict[str, tuple[str, ...]] = {
    "append": (),
    "replace": (),
    "upsert": ("key", "newest", "deleted"),
    "replace_slice": ("slice_columns", "slice_values"),
    "history": ("key", "newest", "deleted"),
    "insert_new": ("key", "newest"),
}
_NEEDS = {
    "upsert": ("key", "the columns that identify a row"),
    "replace_slice": ("slice_columns", "the columns whose values name a slice"),
    "history": ("key", "the columns that identify a row"),
    "insert_new": ("key", "the columns that identify a row"),
}


def check(staged: Staged, table: TableName, options: LoadOptions) -> None:
    """Raise unless mode, key and batch go together.

    Raises:
        ParameterInvalid: the options contradict each other or the types of the batch.
        KeyInvalid: the batch has no such column, or one that nothing can be compared with.
    """
    _check_options(table, options)
    if not staged.columns:
        return  # an empty answer, of which nothing is known
    _check_columns(staged, options)
    if staged.rows:
        # Without a value there is nothing that a type could be seen by.
        _check_types(staged, options)
    if options.mode == "history":
        taken = [column for column in staged.columns if column.name in HISTORY_COLUMNS]
        if taken:
            raise ParameterInvalid(
                f"{table}: mode 'history' keeps {', '.join(HISTORY_COLUMNS)} itself, and "
                f"{staged.source} has a column {taken[0].source_name!r}. Rename it in the source."
            )


def _check_options(table: TableName, options: LoadOptions) -> None:
    mode = options.mode
    if mode not in _USES:
        raise ParameterInvalid(
            f"{table}: there is no mode {mode!r}. Choose one of {', '.join(get_args(Mode))}."
        )
    for name in ("key", "newest", "deleted", "slice_columns", "slice_values"):
        if getattr(options, name) and name not in _USES[mode]:
            able = [f"'{other}'" for other, uses in _USES.items() if name in uses]
            article = "a key was" if name == "key" else f"{name} was"
            raise ParameterInvalid(
                f"{table}: {article} given, but mode is '{mode}', which has no use for it. Use "
                f"mode {' or '.join(able)}, or leave it out."
            )
    needed, meaning = _NEEDS.get(mode, ("mode", ""))
    if not getattr(options, needed):
        what = "a key" if needed == "key" else needed
        raise ParameterInvalid(f"{table}: mode '{mode}' needs {what}: {meaning}.")
    values, columns = options.slice_values, options.slice_columns
    if values is not None and len(values) != len(columns):
        raise ParameterInvalid(
            f"{table}: {len(values)} slice_values were given for {len(columns)} slice_columns. "
            "Give one for each, in the same order."
        )


def _check_columns(staged: Staged, options: LoadOptions) -> None:
    role_of: dict[str, str] = {}
    for role, wanted in named_columns(options):
        column = find_column(staged.columns, wanted)
        if column is None:
            names = ", ".join(column.name for column in staged.columns)
            raise KeyInvalid(
                f"{staged.source}: {role} column {wanted!r} is not in the source, which has: "
                f"{names}."
            )
        if column.type == "SUPER":
            raise KeyInvalid(
                f"{staged.source}: {role} column {wanted!r} holds nested values, which cannot be "
                "compared. Choose a plain column."
            )
        if column.name in role_of:
            raise ParameterInvalid(
                f"{staged.source}: column {wanted!r} was given as {role_of[column.name]} column "
                f"and as {role} column. Expected another column for each."
            )
        role_of[column.name] = role


def _check_types(staged: Staged, options: LoadOptions) -> None:
    expected: list[tuple[str, str | None, tuple[str, ...]]] = []
    expected.append(("deleted", options.deleted, ("BOOLEAN",)))
    if options.mode == "history":
        expected.append(("newest", options.newest, MOMENTS))
    for role, wanted, types in expected:
        column = find_column(staged.columns, wanted) if wanted else None
        if column is not None and column.type not in types:
            raise ParameterInvalid(
                f"{staged.source}: {role} column {wanted!r} is {column.type}, mode "
                f"'{options.mode}' needs {' or '.join(types)}. Declare its type, or choose another "
                "column."
            )
