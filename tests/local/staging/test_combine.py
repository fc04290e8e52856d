"""Several batches with the same columns become one, without touching a part."""

import pyarrow as pa
import pytest

from tests.local.staging.conftest import Bench
from utilities.errors import ParameterInvalid, SchemaMismatch
from utilities.references import Column, Staged
from utilities.staging import combine, declare

TYPES = {
    "id": "BIGINT",
    "amount": "NUMERIC(12,2)",
    "share": "DOUBLE PRECISION",
    "day": "DATE",
    "at": "TIMESTAMPTZ",
    "clock": "TIME",
    "flag": "BOOLEAN",
    "text": "VARCHAR",
}
FIRST = {
    "id": 9,
    "amount": "9.50",
    "share": 9.5,
    "day": "2026-01-09",
    "at": "2026-01-31T09:00:00Z",
    "clock": "09:00:00",
    "flag": True,
    "text": "z",
}
SECOND = {
    "id": 10,
    "amount": "-10.25",
    "share": 1e10,
    "day": "2026-01-10",
    "at": "2026-01-31T10:00:00.5+02:00",
    "clock": "10:00:00.25",
    "flag": None,
    "text": "longest",
}


def stage_rows(bench: Bench, *rows: dict[str, object]) -> Staged:
    """Stage rows of the declared types as a batch."""
    return bench.stage_source(rows, declared=declare(TYPES), empty="stage")


def test_one_batch_has_what_all_have(bench: Bench) -> None:
    """The combined batch is like one that was staged from all rows: parts, counts and statistics,
    compared as numbers and times and not as text."""
    batches = [stage_rows(bench, FIRST), stage_rows(bench, SECOND), stage_rows(bench)]
    whole = stage_rows(bench, FIRST, SECOND)
    combined = combine(batches, f"{bench.prefix}all/", bench.store, batch="job 7", name="a job")
    assert combined.columns == whole.columns
    assert combined.rows == 2
    assert combined.bytes == sum(batch.bytes for batch in batches)
    assert combined.manifest == f"{bench.prefix}all/manifest.json"
    assert bench.parts(combined) == [*bench.parts(batches[0]), *bench.parts(batches[1])]
    assert bench.read(combined).equals(pa.concat_tables(map(bench.read, batches[:2])))
    assert (combined.source, combined.rejects) == ("a job", None)


def test_bounds_that_one_batch_does_not_know_are_not_told(bench: Bench) -> None:
    """Long text has no bound, so the whole has none; a batch without values takes none away."""
    known, empty = stage_rows(bench, {"text": "a"}), stage_rows(bench, {"id": 1})
    long = stage_rows(bench, {"text": "x" * 5_000})
    assert _text(combine([known, empty], bench.prefix, bench.store)).minimum == "a"
    assert _text(combine([known, long], bench.prefix, bench.store)).minimum is None
    assert _text(combine([known, long], bench.prefix, bench.store)).max_bytes == 5_000


def test_the_key_is_the_given_name_or_that_of_all_batches(bench: Bench) -> None:
    """The same batches give the same key, others another one; a name decides alone."""
    one, other = stage_rows(bench, FIRST), stage_rows(bench, SECOND)
    keys = [
        combine(batches, bench.prefix, bench.store, batch=name).batch_key
        for batches, name in (
            ([one, other], None),
            ([one, other], None),
            ([other, one], None),
            ([one], "job 7"),
            ([other], "job 7"),
        )
    ]
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == keys[4] not in keys[:3]


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ({**TYPES, "id": "VARCHAR"}, "column 'id' is BIGINT in the one and VARCHAR in the other"),
        ({"id": "BIGINT"}, "the other has no column 'amount'"),
        ({**TYPES, "more": "BIGINT"}, "the one has no column 'more'"),
        (dict(reversed(TYPES.items())), "their columns are in another order"),
    ],
)
def test_batches_that_differ_are_refused(bench: Bench, types: dict[str, str], said: str) -> None:
    """Names, types and order have to be the same; the message says what is not."""
    one = stage_rows(bench, FIRST)
    other = bench.stage_source([], declared=declare(types))
    with pytest.raises(SchemaMismatch, match=said) as refused:
        combine([one, other], bench.prefix, bench.store)
    assert "Nothing was loaded" in str(refused.value)


def test_rows_that_were_set_aside_are_not_lost(bench: Bench) -> None:
    """A batch with rejects is refused, and so is no batch at all."""
    with_rejects = bench.stage_source(
        [{"id": 1}, {"id": "x"}], declared=declare({"id": "BIGINT"}), quarantine=0.5
    )
    with pytest.raises(ParameterInvalid, match="1 rows were set aside"):
        combine([with_rejects], bench.prefix, bench.store)
    with pytest.raises(ParameterInvalid, match="no batch to combine"):
        combine([], bench.prefix, bench.store)


def _text(staged: Staged) -> Column:
    return staged.columns[-1]
