"""For each mode: the rows of a table before a load, a batch, and the rows afterwards."""

from dataclasses import dataclass, field, replace

from utilities.redshift import LoadOptions, Mode

Row = tuple[int, str, int, str]
"""id, name, version, day."""

HEADER = "id,name,version,day\n"
SIZE = 50

BEFORE: list[Row] = [(number, f"old {number}", 1, "2026-01-01") for number in range(SIZE)]
BATCH: list[Row] = [
    (number, f"new {number}", 2, "2026-01-02") for number in range(SIZE // 2, SIZE * 3 // 2)
]


@dataclass(frozen=True)
class Scenario:
    """What one mode makes of the same rows.

    Attributes:
        before: loaded in the same mode, in one batch, with nothing that goes wrong.
        batch: whose load is disturbed.
        after: every row of the table when the batch is in it.
    """

    options: LoadOptions
    after: list[Row]
    before: list[Row] = field(default_factory=lambda: BEFORE)
    batch: list[Row] = field(default_factory=lambda: BATCH)

    def __str__(self) -> str:
        return self.options.mode


def csv(rows: list[Row]) -> str:
    """Return rows as a file."""
    return HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows)


def summary(rows: list[Row]) -> tuple[int, int, int]:
    """What `SELECT COUNT(*), SUM(id), SUM(version)` says of rows."""
    return len(rows), sum(row[0] for row in rows), sum(row[2] for row in rows)


def _keyed(mode: Mode) -> LoadOptions:
    return LoadOptions(mode=mode, key=("id",))


def _by_id(rows: list[Row]) -> dict[int, Row]:
    return {row[0]: row for row in rows}


SCENARIOS = [
    Scenario(LoadOptions(), BEFORE + BATCH),
    Scenario(LoadOptions(mode="replace"), BATCH),
    Scenario(_keyed("upsert"), list((_by_id(BEFORE) | _by_id(BATCH)).values())),
    Scenario(_keyed("insert_new"), list((_by_id(BATCH) | _by_id(BEFORE)).values())),
    Scenario(
        LoadOptions(mode="replace_slice", slice_columns=("day",)),
        before=BEFORE + [(-1, "yesterday's", 1, "2026-01-02")],
        after=BEFORE + BATCH,
    ),
    # A version that was closed stays, beside the one that followed it.
    Scenario(replace(_keyed("history"), newest="day"), BEFORE + BATCH),
]
