"""Look for the other rows that cannot be loaded, once the first of them has stopped a load."""

from utilities.errors import FlowError, MendData
from utilities.staging.conversion import Conversion
from utilities.staging.keys import KeyIndex
from utilities.staging.misfit import Misfit
from utilities.staging.rejects import RejectList, sentences
from utilities.staging.rows import Rows
from utilities.staging.schema import Schema


def with_other_rejects(error: MendData, source: str, rows: Rows, schema: Schema) -> MendData:
    """Return an error that also says how many more rows cannot be loaded, and the next of them.

    Reads the source again; what cannot be told from that is left out.
    """
    rejects = RejectList()
    conversion = Conversion(source, rows, schema, KeyIndex(()), rejects)
    total = 0
    try:
        for batch in rows.batches():
            conversion.convert([batch], total)
            total += len(batch)
        others = rejects.placed(rows)[1:]
    except (Misfit, FlowError):
        return error
    if not others:
        return error
    count = f"{len(others):,} more of {total:,} rows"
    first = "; ".join(sentences(others, rows))
    return type(error)(
        f"{error} {count} cannot be loaded either: {first}. With quarantine, such rows are set "
        "aside and the rest is loaded."
    )
