"""Whether mode, key and the other columns of a load go together with its batch."""

from utilities.errors import KeyInvalid, ParameterInvalid
from utilities.redshift.options import LoadOptions
from utilities.references import Staged, TableName


def check(staged: Staged, table: TableName, options: LoadOptions) -> None:
    """Raise unless mode, key and batch go together."""
    if options.mode == "append":
        if options.key:
            raise ParameterInvalid(
                f"{table}: a key was given, but mode is 'append'. Use mode='upsert', or no key."
            )
        return
    if not options.key:
        raise ParameterInvalid(
            f"{table}: mode 'upsert' needs a key: the columns that identify a row."
        )
    missing = sorted(set(options.key) - {column.name for column in staged.columns})
    if missing:
        names = ", ".join(column.name for column in staged.columns)
        raise KeyInvalid(
            f"{staged.source}: key column {missing[0]!r} is not in the source, which has: {names}."
        )
