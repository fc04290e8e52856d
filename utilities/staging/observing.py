"""What the rows of a source say of the types of its columns."""

from collections.abc import Iterable
from typing import Any

from utilities.errors import SchemaMismatch
from utilities.staging.evidence import Evidence
from utilities.staging.misfit import Misfit
from utilities.staging.rows import Rows


def observe(
    rows: Rows, batches: Iterable[Any], skip: Iterable[str], *, is_lenient: bool
) -> dict[str, Evidence]:
    """Return what batches say of each column's type, except for columns that do not matter.

    Args:
        rows: judges the batches.
        batches: from the first row of the source.
        skip: legal names of columns that do not matter.
        is_lenient: passes over rows that cannot be read.

    Raises:
        Misfit: a row cannot be read.
    """
    skipped = frozenset(skip)
    seen: dict[str, Evidence] = {}
    first_row = 0
    for batch in batches:
        kept, _ = rows.readable([batch]) if is_lenient else ([batch], None)
        try:
            for name, cells in rows.cells(kept, "name").items():
                if name not in skipped:
                    seen[name] = seen.get(name, Evidence()) & rows.observe(cells)
        except Misfit as misfit:
            misfit.row += first_row
            raise
        first_row += len(batch)
    return seen


def best_type(name: str, evidence: Evidence, source: str) -> str:
    """Return the tightest type that fits.

    Raises:
        SchemaMismatch: none does.
    """
    type_ = evidence.best()
    if type_ is None:
        raise SchemaMismatch(
            f"{source}: column {name!r} holds nested JSON in some rows or files and plain text in "
            "others, which no single type holds without loss. Nothing was loaded. Load them into "
            "separate tables."
        )
    return type_
