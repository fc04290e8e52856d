"""Find one schema for several files together."""

from collections.abc import Mapping, Sequence
from itertools import islice

from utilities.objects import ObjectStore
from utilities.references import Column
from utilities.staging.disk import explained_disk
from utilities.staging.evidence import Evidence
from utilities.staging.given import given_columns
from utilities.staging.misfit import Misfit
from utilities.staging.mismatch import does_not_fit
from utilities.staging.observing import best_type, observe
from utilities.staging.options import StageOptions
from utilities.staging.rows import Rows
from utilities.staging.sources import open_rows


def infer_columns(
    sources: Sequence[str],
    store: ObjectStore,
    known: Mapping[str, str],
    *,
    is_lenient: bool = False,
) -> tuple[Column, ...]:
    """Return one schema for several files together, from the first rows of each.

    Later rows may need wider types: `stage` checks every value and widens where needed.

    Args:
        sources: local paths or `s3://` addresses.
        store: reads them.
        known: columns that the target table has already, name to Redshift type. They win.
        is_lenient: passes over rows that cannot be read, which staging will set aside.

    Raises:
        SchemaMismatch: no type fits a column, or the target has a type that cannot be staged.
        FileUnreadable, ParameterInvalid: a file cannot be read as what it claims to be.
        SourceNotFound, AccessDenied, StorageUnavailable: a file cannot be read.
    """
    options = StageOptions(known=known, quarantine=1.0 if is_lenient else None)
    given = given_columns(options)
    found: dict[str, tuple[str, Evidence]] = {}
    for source in sources:
        with explained_disk(source), open_rows(source, store, options) as rows:
            evidence = _first_evidence(source, rows, given, is_lenient)
            for name, source_name in rows.naming.source_names.items():
                first_name, before = found.get(name, (source_name, Evidence()))
                found[name] = first_name, before & evidence.get(name, Evidence())
    return tuple(
        Column(
            name,
            given[name].type if name in given else best_type(name, seen, ", ".join(sources)),
            source_name,
        )
        for name, (source_name, seen) in found.items()
    )


def _first_evidence(
    source: str, rows: Rows, given: Mapping[str, Column], is_lenient: bool
) -> dict[str, Evidence]:
    try:
        first = islice(rows.batches(), 1)
        return observe(rows, first, given.keys(), is_lenient=is_lenient)
    except Misfit as misfit:
        raise does_not_fit(source, rows, misfit, "") from None
