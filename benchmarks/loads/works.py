"""The table of works: what is done, by whom, and how far apart the two have to be."""

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["csv", "pages", "changes"]
OURS = "ours"
OUR_MODULES = ("ours", "ours_loads")


@dataclass(frozen=True)
class Way:
    """One way of doing a work.

    Attributes:
        name: as the tables show it.
        module, function: where it is, in `benchmarks.loads.ways`.
        is_slow: it takes so long that it gets fewer rounds.
        times_rows: how many times the rows of the run it gets.
    """

    name: str
    module: str
    function: str
    is_slow: bool = False
    times_rows: float = 1

    @property
    def is_ours(self) -> bool:
        """Whether it is what is measured, and not what it is compared with."""
        return self.module in OUR_MODULES

    @property
    def has_own_packages(self) -> bool:
        """Whether it runs in the peers' environment instead of ours."""
        return self.module not in (*OUR_MODULES, "floor")


@dataclass(frozen=True)
class Target:
    """How two ways have to compare.

    Attributes:
        ours, other: names of the ways.
        kind: `at most`: ours may take so many times the other's time; `at least`: the other takes
            so many times ours.
        factor: how many times.
    """

    ours: str
    other: str
    kind: Literal["at most", "at least"]
    factor: float


@dataclass(frozen=True)
class Work:
    """One piece of work.

    Attributes:
        name: for `--only`.
        title: as the tables show it.
        source: what is read.
        result: what is verified: files on S3, or a table.
        ways: in the order of the first round.
        targets: what has to be reached.
        takes_records: the source is given as Python objects, made before the clock starts.
        into_table: the table has the rows of the CSV file already, loaded by the same tool.
    """

    name: str
    title: str
    source: SourceKind
    result: Literal["staged", "loaded"]
    ways: tuple[Way, ...]
    targets: tuple[Target, ...] = ()
    takes_records: bool = False
    into_table: bool = False


FLOOR = "plain pyarrow, schema known"
DECLARED, INFERRED = "ours, schema declared", "ours, schema inferred"
PARSONS, WRANGLER, DLT = "parsons", "awswrangler", "dlt"
WRANGLER_ARROW = "awswrangler, types of Arrow by hand"
DLT_ARROW, DLT_ROWS = "dlt with Arrow", "dlt with rows"
DLT_TUNED = "dlt with Arrow, batches of 8 MB"


def _targets(factors: dict[str, float], ours: str = OURS) -> tuple[Target, ...]:
    return tuple(Target(ours, other, "at least", factor) for other, factor in factors.items())


WORKS = (
    Work(
        "csv",
        "A CSV file to Parquet parts on S3",
        "csv",
        "staged",
        (
            Way(FLOOR, "floor", "csv"),
            Way(DECLARED, "ours", "csv_declared"),
            Way(INFERRED, "ours", "csv_inferred"),
            Way(DLT_ARROW, "dlt_ways", "csv_arrow"),
            Way(DLT_TUNED, "dlt_ways", "csv_arrow_large"),
            Way(WRANGLER, "awswrangler_ways", "csv"),
            Way(WRANGLER_ARROW, "awswrangler_ways", "csv_arrow"),
            Way(PARSONS, "parsons_ways", "csv", is_slow=True),
            Way(DLT_ROWS, "dlt_ways", "csv_rows", is_slow=True),
        ),
        (
            Target(DECLARED, FLOOR, "at most", 1.25),
            Target(INFERRED, FLOOR, "at most", 1.5),
            *_targets({PARSONS: 12, WRANGLER: 4, DLT_ARROW: 2, DLT_ROWS: 20}, DECLARED),
        ),
    ),
    Work(
        "json",
        "JSON records as pages of an API to Parquet parts on S3",
        "pages",
        "staged",
        (
            Way(FLOOR, "floor", "pages"),
            Way(OURS, "ours", "pages"),
            Way(WRANGLER, "awswrangler_ways", "pages", is_slow=True),
            Way(WRANGLER_ARROW, "awswrangler_ways", "pages_arrow", is_slow=True),
            Way(PARSONS, "parsons_ways", "pages", is_slow=True),
            Way(DLT, "dlt_ways", "pages", is_slow=True),
        ),
        (
            Target(OURS, FLOOR, "at most", 1.4),
            *_targets({WRANGLER: 6, PARSONS: 9, DLT: 13}),
        ),
    ),
    Work(
        "dicts",
        "The same records as Python dicts to Parquet parts on S3",
        "pages",
        "staged",
        (Way(FLOOR, "floor", "dicts"), Way(OURS, "ours", "dicts")),
        (Target(OURS, FLOOR, "at most", 1.3),),
        takes_records=True,
    ),
    Work(
        "warehouse",
        "A CSV file to rows of a new table",
        "csv",
        "loaded",
        (
            Way(OURS, "ours_loads", "copy"),
            Way(DLT_ARROW, "dlt_ways", "copy"),
            Way(WRANGLER, "awswrangler_ways", "copy"),
            Way(WRANGLER_ARROW, "awswrangler_ways", "copy_arrow"),
            Way(PARSONS, "parsons_ways", "copy", is_slow=True),
        ),
        _targets({PARSONS: 5, WRANGLER: 2, DLT_ARROW: 1.6}),
    ),
    Work(
        "upsert",
        "A fifth as many changes into that table",
        "changes",
        "loaded",
        (
            Way(OURS, "ours_loads", "upsert"),
            Way(DLT_ARROW, "dlt_ways", "upsert"),
            Way(WRANGLER, "awswrangler_ways", "upsert"),
            Way(PARSONS, "parsons_ways", "upsert"),
        ),
        _targets({PARSONS: 2.5, WRANGLER: 1.5, DLT_ARROW: 5}),
        into_table=True,
    ),
    Work(
        "growth",
        "A CSV file to Parquet parts on S3, growing",
        "csv",
        "staged",
        (
            Way("a tenth of the rows", "ours", "csv_declared", times_rows=0.1),
            Way("the rows", "ours", "csv_declared"),
            Way("ten times the rows", "ours", "csv_declared", is_slow=True, times_rows=10),
        ),
    ),
)

MEMORY_FACTOR, MEMORY_LIMIT_MB, SPEED_SPREAD = 1.2, 600, 0.25
"""Growth: peak of ten times the rows against that of the rows, and rows per second."""
