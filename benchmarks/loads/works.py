"""The table of works: what is done, by whom, and how far apart the two have to be."""

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["csv", "pages", "changes"]
Kind = Literal["ours", "the floor", "documented", "tuned by hand"]
OURS = "ours"
OUR_MODULES = ("ours", "ours_loads")


@dataclass(frozen=True)
class Way:
    """One way of doing a work.

    Attributes:
        name: as the tables show it.
        module, function: where it is, in `benchmarks.loads.ways`.
        is_slow: it takes so long that a quick look gives it fewer rounds.
        times_rows: how many times the rows of the run it gets.
        is_tuned: a peer tuned by hand, not as its documents show it.
    """

    name: str
    module: str
    function: str
    is_slow: bool = False
    times_rows: float = 1
    is_tuned: bool = False

    @property
    def kind(self) -> Kind:
        """Whose it is, as the chart tells them apart."""
        if self.is_ours:
            return "ours"
        if not self.has_own_packages:
            return "the floor"
        return "tuned by hand" if self.is_tuned else "documented"

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


Uses = tuple[str, ...]
"""Names of the ways in which one peer does one work: as documented, then tuned by hand."""

FLOOR = "plain pyarrow, schema known"
DECLARED, INFERRED = "ours, schema declared", "ours, schema inferred"
PARSONS: Uses = ("parsons, documented", "parsons, tuned by hand (no guess of types)")
WRANGLER: Uses = (
    "awswrangler, documented (dtype casts)",
    "awswrangler, tuned by hand (Arrow types)",
)
DLT_ARROW: Uses = (
    "dlt with Arrow, documented (batches as read)",
    "dlt with Arrow, tuned by hand (8 MB batches)",
)
DLT_ROWS: Uses = ("dlt with rows, documented (pages of 1,000)",)
DLT_RECORDS: Uses = (
    "dlt, documented (pages of records)",
    "dlt, tuned by hand (Arrow, 8 MB batches)",
)


def _ways(uses: Uses, module: str, *functions: str, is_slow: bool = False) -> tuple[Way, ...]:
    """The uses of a peer, each a function of its module."""
    return tuple(
        Way(name, module, function, is_slow, is_tuned=name != uses[0])
        for name, function in zip(uses, functions, strict=True)
    )


def _targets(*reach: tuple[Uses, float], ours: str = OURS) -> tuple[Target, ...]:
    """The same target for every use of a peer."""
    return tuple(Target(ours, use, "at least", factor) for uses, factor in reach for use in uses)


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
            *_ways(DLT_ARROW, "dlt_ways", "csv_arrow", "csv_arrow_large"),
            *_ways(WRANGLER, "awswrangler_ways", "csv", "csv_arrow"),
            *_ways(PARSONS[:1], "parsons_ways", "csv", is_slow=True),
            *_ways(DLT_ROWS, "dlt_ways", "csv_rows", is_slow=True),
        ),
        (
            Target(DECLARED, FLOOR, "at most", 1.25),
            Target(INFERRED, FLOOR, "at most", 1.5),
            *_targets(
                (PARSONS[:1], 12), (WRANGLER, 4), (DLT_ARROW, 2), (DLT_ROWS, 20), ours=DECLARED
            ),
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
            *_ways(WRANGLER, "awswrangler_ways", "pages", "pages_arrow", is_slow=True),
            *_ways(PARSONS[:1], "parsons_ways", "pages", is_slow=True),
            *_ways(DLT_RECORDS, "dlt_ways", "pages", "pages_arrow_large", is_slow=True),
        ),
        (
            Target(OURS, FLOOR, "at most", 1.4),
            *_targets((WRANGLER, 6), (PARSONS[:1], 9), (DLT_RECORDS, 13)),
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
            *_ways(DLT_ARROW, "dlt_ways", "copy", "copy_large"),
            *_ways(WRANGLER, "awswrangler_ways", "copy", "copy_arrow"),
            *_ways(PARSONS, "parsons_ways", "copy", "copy_template", is_slow=True),
        ),
        _targets((PARSONS, 5), (WRANGLER, 2), (DLT_ARROW, 1.6)),
    ),
    Work(
        "upsert",
        "A fifth as many changes into that table",
        "changes",
        "loaded",
        (
            Way(OURS, "ours_loads", "upsert"),
            *_ways(DLT_ARROW, "dlt_ways", "upsert", "upsert_large"),
            *_ways(WRANGLER, "awswrangler_ways", "upsert", "upsert_arrow"),
            *_ways(PARSONS[:1], "parsons_ways", "upsert"),
        ),
        _targets((PARSONS[:1], 2.5), (WRANGLER, 1.5), (DLT_ARROW, 5)),
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

MEMORY_FACTOR, MEMORY_LIMIT_MB, SLOWEST_SHARE = 1.2, 600, 0.75
"""Growth: peak of ten times the rows against that of the rows; slowest against fastest."""
